// A model of launch.sh, claim.sh, supervise.sh and a leaving worker, each cut into its atomic steps (one look at or
// one change of a file), and a search through every order in which those steps can meet.
//
// The names of the steps are those of the scripts' functions. What the processes share is four things: the files in
// the spool, the claim (the file `supervisor`), the right to bury a dead claim (`supervisor.bury`), the worker's lock.

/** Deviations from the scripts as they are, to show that the search would find what they prevent. */
export type Mistake =
  | 'the leaving supervisor looks into the spool before it gives up its claim'
  | 'the hook looks for a supervisor before its file is complete'
  | 'the supervisor does not wait for the claim to be handed over'
  | 'a dead claim is removed without another look'
  | 'a dead claim is removed without looking whether it still says the same';

export interface Scenario {
  readonly hooks: number;
  /** What stands at the start: nothing, a claim whose process is gone, or a supervisor with a worker at work. */
  readonly start: 'nothing' | 'dead claim' | 'at work';
  /** How many processes may be killed, each at any moment. */
  readonly kills?: number;
  readonly mistake?: Mistake;
}

export interface Findings {
  readonly states: number;
  /** States in which nobody lives and a file lies in the spool; with kills: that one more hook alone cannot mend. */
  readonly stranded: number;
  /** Times that a worker was sent home because another held the lock. */
  readonly sentHome: number;
}

/** A number ≥ 0 is a place in `processes`. */
const NOBODY = -1;
const SOMEBODY_GONE = -2;

interface Process {
  readonly kind: 'hook' | 'supervisor';
  /** The next step; 'ended' when there is none. */
  readonly at: string;
  /** A supervisor's starter until its first worker runs; a hook's supervisor once it has started one. */
  readonly other: number;
  /** Whom the file named that was looked at last: a look at it and the judgement "alive" are two steps. */
  readonly saw: number;
  /** Attempts at `claim`. */
  readonly tries: number;
}

interface State {
  readonly spool: number;
  readonly claim: number;
  readonly bury: number;
  readonly lock: number;
  readonly killsLeft: number;
  readonly processes: readonly Process[];
}

interface Step {
  readonly state: State;
  readonly sentHome: boolean;
}

/** One process's view in `stepsOf`: itself, what it shares, and how to go on. */
interface View {
  readonly me: number;
  readonly self: Process;
  readonly state: State;
  readonly mistake: Mistake | undefined;
  /** Goes to a step, with changes to itself and to what is shared. */
  readonly go: (at: string, own?: Partial<Process>, shared?: Partial<State>) => Step;
  readonly lives: (who: number) => boolean;
}

/**
 * Follows every order of steps from the scenario's start to the end, and counts what must not happen. With a mistake
 * in it, it stops at the first of them.
 */
export function explore(scenario: Scenario): Findings {
  const seen = new Set<string>();
  const open: State[] = [startOf(scenario)];
  let stranded = 0;
  let sentHome = 0;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = keyOf(state);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const step of stepsFrom(state, scenario.mistake)) {
      if (step.sentHome) sentHome += 1;
      open.push(step.state);
    }
    const over = state.processes.every((process) => process.at === 'ended');
    if (over && state.spool > 0 && !mended(state, scenario)) stranded += 1;
    if (scenario.mistake !== undefined && stranded + sentHome > 0) break;
  }
  return { states: seen.size, stranded, sentHome };
}

/** After a kill, does one more hook suffice? (Without kills nothing may need one.) */
function mended(state: State, scenario: Scenario): boolean {
  if (scenario.kills === undefined) return false;
  const hook = newProcess('hook', 'complete the file');
  let now: State = { ...state, killsLeft: 0, processes: [...state.processes, hook] };
  for (;;) {
    const before = keyOf(now);
    const step = stepsFrom(now, undefined).find(({ state: after }) => keyOf(after) !== before);
    if (step === undefined) return now.spool === 0;
    now = step.state;
  }
}

function startOf({ hooks, start, kills = 0, mistake }: Scenario): State {
  const atWork = start === 'at work';
  const first =
    mistake === 'the hook looks for a supervisor before its file is complete'
      ? 'look'
      : 'complete the file';
  const processes = Array.from({ length: hooks }, () => newProcess('hook', first));
  if (atWork) processes.unshift(newProcess('supervisor', 'worker: look'));
  return {
    spool: 0,
    claim: atWork ? 0 : start === 'dead claim' ? SOMEBODY_GONE : NOBODY,
    bury: NOBODY,
    lock: atWork ? 0 : NOBODY,
    killsLeft: kills,
    processes,
  };
}

function newProcess(kind: Process['kind'], at: string, other = NOBODY): Process {
  return { kind, at, other, saw: NOBODY, tries: 0 };
}

function keyOf(state: State): string {
  const each = state.processes.map((p) => `${p.kind}/${p.at}/${p.other}/${p.saw}/${p.tries}`);
  return `${state.spool},${state.claim},${state.bury},${state.lock},${state.killsLeft};${each.join(';')}`;
}

function stepsFrom(state: State, mistake: Mistake | undefined): Step[] {
  return state.processes.flatMap((self, me) => {
    if (self.at === 'ended') return [];
    const go: View['go'] = (at, own = {}, shared = {}) => {
      const changed = { ...self, saw: NOBODY, ...own, at };
      const processes = state.processes.map((p, index) => (index === me ? changed : p));
      return { state: { ...state, processes, ...shared }, sentHome: false };
    };
    const lives = (who: number): boolean => who >= 0 && state.processes[who]?.at !== 'ended';
    const view: View = { me, self, state, mistake, go, lives };
    const step = self.kind === 'hook' ? hookStep(view) : supervisorStep(view);
    if (state.killsLeft === 0) return [step];
    // The worker dies with its supervisor here: one that outlives it wakes a new supervisor itself.
    const lock = state.lock === me ? NOBODY : state.lock;
    return [step, go('ended', {}, { lock, killsLeft: state.killsLeft - 1 })];
  });
}

function hookStep(view: View): Step {
  const { self, state, mistake, go, lives } = view;
  const looksFirst = mistake === 'the hook looks for a supervisor before its file is complete';
  const spool = state.spool + 1;
  switch (self.at) {
    case 'complete the file':
      return go('look', {}, { spool });
    case 'look':
      return go('judge', { saw: state.claim });
    case 'judge':
      if (looksFirst) return go(lives(self.saw) ? 'complete and end' : 'complete and wake');
      return go(lives(self.saw) ? 'ended' : 'put_new');
    case 'complete and end':
      return go('ended', {}, { spool });
    case 'complete and wake':
      return go('put_new', {}, { spool });

    case 'claimed': {
      const supervisor = newProcess('supervisor', 'await_claim', view.me);
      const step = go('identify', { other: state.processes.length });
      const processes = [...step.state.processes, supervisor];
      return { ...step, state: { ...step.state, processes } };
    }
    case 'identify':
      return go(lives(self.other) ? 'hand_over' : 'ended');
    case 'hand_over':
      return go('ended', {}, { claim: self.other });
    default:
      return claimStep(view, 'ended');
  }
}

function supervisorStep(view: View): Step {
  const { me, self, state, mistake, go, lives } = view;
  const looksFirst =
    mistake === 'the leaving supervisor looks into the spool before it gives up its claim';
  const leave = looksFirst ? 'look into the spool' : 'own_claim';
  switch (self.at) {
    case 'await_claim':
      if (mistake === 'the supervisor does not wait for the claim to be handed over') {
        return go('worker: lock', { other: NOBODY });
      }
      if (state.claim === me) return go('worker: lock', { other: NOBODY });
      return go('whose claim');
    case 'whose claim':
      return go('judge whose claim', { saw: state.claim });
    case 'judge whose claim':
      if (!lives(self.saw)) return go('put_new');
      return go(self.saw === self.other || self.saw === me ? 'await_claim' : 'ended');
    case 'own after all':
      return go(state.claim === me ? 'await_claim' : 'ended');
    case 'claimed':
      return go('worker: lock', { other: NOBODY });

    case 'worker: lock':
      if (state.lock !== NOBODY) return { ...go('rest after 75'), sentHome: true };
      return go('worker: name the parent', {}, { lock: me });
    case 'worker: name the parent':
      return go('worker: look', {}, state.claim === me ? {} : { claim: me });
    case 'worker: look': // takes all there is, or decides to leave
      if (state.spool > 0) return go('worker: name the parent', {}, { spool: 0 });
      return go('worker: release');
    case 'worker: release':
      return go('worker: look again', {}, { lock: NOBODY });
    case 'worker: look again':
      return go(state.spool > 0 ? 'worker: take back' : leave);
    case 'worker: take back':
      if (state.lock !== NOBODY) return go(leave);
      return go('worker: name the parent', {}, { lock: me });

    case 'rest after 75':
      return state.claim === me ? go(leave) : go('judge after 75', { saw: state.claim });
    case 'judge after 75':
      return go(lives(self.saw) ? 'ended' : leave);
    case 'own_claim':
      if (state.claim === me) return go('give up the claim');
      return go(looksFirst ? 'ended' : 'look into the spool');
    case 'give up the claim':
      return go(looksFirst ? 'ended' : 'look into the spool', {}, { claim: NOBODY });
    case 'look into the spool':
      if (looksFirst) return go(state.spool > 0 ? 'worker: lock' : 'own_claim');
      return go(state.spool > 0 ? 'put_new' : 'ended');
    default:
      return claimStep(view, self.other === NOBODY ? 'ended' : 'own after all');
  }
}

/** `claim`, and in it `bury` and twice `certainly_dead`; leads to 'claimed' or to where a refusal leads. */
function claimStep({ me, self, state, mistake, go, lives }: View, refused: string): Step {
  switch (self.at) {
    case 'put_new':
      if (state.claim === NOBODY) return go('claimed', { tries: 0 }, { claim: me });
      return go('look at the claim');
    case 'look at the claim':
      return go('judge the claim', { saw: state.claim });
    case 'judge the claim':
      if (lives(self.saw)) return go(refused, { tries: 0 });
      if (mistake !== 'a dead claim is removed without another look') return go('bury');
      return go('remove the claim');

    case 'bury':
      if (state.bury === NOBODY) return go('another look', {}, { bury: me });
      return go('look at the burier');
    case 'look at the burier':
      return go('judge the burier', { saw: state.bury });
    case 'judge the burier':
      if (lives(self.saw) || self.saw === NOBODY) return go(refused, { tries: 0 });
      return go('same burier', { saw: self.saw });
    case 'same burier':
      return state.bury === self.saw ? go('another look') : go(refused, { tries: 0 });

    case 'another look':
      return go('judge again', { saw: state.claim });
    case 'judge again':
      if (lives(self.saw) || self.saw === NOBODY) return go('buried');
      if (mistake === 'a dead claim is removed without looking whether it still says the same') {
        return go('remove the claim');
      }
      return go('same claim', { saw: self.saw });
    case 'same claim':
      return go(state.claim === self.saw ? 'remove the claim' : 'buried');
    case 'remove the claim':
      return go('buried', {}, { claim: NOBODY });
    case 'buried':
      return go('try again', {}, { bury: NOBODY });
    case 'try again':
      if (self.tries === 2) return go(refused, { tries: 0 });
      return go('put_new', { tries: self.tries + 1 });
    default:
      throw new Error(`the model has no step "${self.at}"`);
  }
}
