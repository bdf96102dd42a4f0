// A model of launch.sh, claim.sh, supervise.sh and a leaving worker, each cut into its atomic steps (one look at or
// one change of a file), and a search through every order in which those steps can meet.
//
// The names of the steps are those of the scripts' functions. What the processes share is five things: the files in
// the spool, the rows in the queue (which a task commits, and the shell cannot see), the claim (the file `supervisor`),
// the right to bury a dead claim (`supervisor.bury`), the worker's lock.

/** Deviations from the scripts as they are, to show that the search would find what they prevent. */
export type Mistake =
  | 'the leaving supervisor looks into the spool before it gives up its claim'
  | 'the hook looks for a supervisor before its file is complete'
  | 'the supervisor does not wait for the claim to be handed over'
  | 'the leaving worker keeps its claim while it looks for the last time'
  | 'the worker takes its lock back without a claim'
  | 'a supervisor whose worker was sent home does not look at the queue again'
  | 'the supervisor ends though its starter may hand over yet'
  | 'a dead claim is removed without another look'
  | 'a dead claim is removed without looking whether it still says the same';

export interface Scenario {
  readonly hooks: number;
  /** Processes that commit a row to the queue and then see that a worker lives. */
  readonly tasks?: number;
  /**
   * What stands at the start: nothing, a claim whose process is gone, a supervisor with a worker at work, or a worker
   * at work that is about to notice that its supervisor was killed.
   */
  readonly start: 'nothing' | 'dead claim' | 'at work' | 'orphaned';
  /** How many processes may be killed, each at any moment. */
  readonly kills?: number;
  readonly mistake?: Mistake;
  /** The search is over with the first of these. */
  readonly until?: 'stranded' | 'sent home';
}

export interface Findings {
  readonly states: number;
  /**
   * States in which nobody lives and a file lies in the spool or a row in the queue; with kills: that one more hook
   * alone cannot mend.
   */
  readonly stranded: number;
  /** Times that a worker was sent home because another held the lock. */
  readonly sentHome: number;
}

/** A number ≥ 0 is a place in `processes`. */
const NOBODY = -1;
const SOMEBODY_GONE = -2;

interface Process {
  readonly kind: 'hook' | 'task' | 'supervisor' | 'orphan';
  /** The next step; 'ended' when there is none. */
  readonly at: string;
  /** A supervisor's starter until its first worker runs; a hook's supervisor once it has started one. */
  readonly other: number;
  /** Whom the file named that was looked at last: a look at it and the judgement "alive" are two steps. */
  readonly saw: number;
  /** Attempts at `claim`. */
  readonly tries: number;
  /** A supervisor whose worker was sent home, and that runs it once more without a claim. */
  readonly lastLook: boolean;
}

interface State {
  readonly spool: number;
  readonly rows: number;
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
 * Follows every order of steps from the scenario's start to the end, and counts what must not happen.
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
    if (over && state.spool + state.rows > 0 && !mended(state, scenario)) stranded += 1;
    const found = { stranded, 'sent home': sentHome };
    if (scenario.until !== undefined && found[scenario.until] > 0) break;
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
    if (step === undefined) return now.spool + now.rows === 0;
    now = step.state;
  }
}

function startOf({ hooks, tasks = 0, start, kills = 0, mistake }: Scenario): State {
  const first =
    mistake === 'the hook looks for a supervisor before its file is complete'
      ? 'look'
      : 'complete the file';
  const processes = [
    ...Array.from({ length: hooks }, () => newProcess('hook', first)),
    ...Array.from({ length: tasks }, () => newProcess('task', 'commit a row')),
  ];
  if (start === 'at work') processes.unshift(newProcess('supervisor', 'worker: look'));
  if (start === 'orphaned') processes.unshift(newProcess('orphan', 'orphan: look'));
  return {
    spool: 0,
    rows: 0,
    claim: { nothing: NOBODY, 'dead claim': SOMEBODY_GONE, 'at work': 0, orphaned: SOMEBODY_GONE }[
      start
    ],
    bury: NOBODY,
    lock: start === 'at work' || start === 'orphaned' ? 0 : NOBODY,
    killsLeft: kills,
    processes,
  };
}

function newProcess(kind: Process['kind'], at: string, other = NOBODY): Process {
  return { kind, at, other, saw: NOBODY, tries: 0, lastLook: false };
}

function keyOf(state: State): string {
  const each = state.processes.map(
    (p) => `${p.kind}/${p.at}/${p.other}/${p.saw}/${p.tries}/${p.lastLook}`,
  );
  return `${state.spool},${state.rows},${state.claim},${state.bury},${state.lock},${state.killsLeft};${each.join(';')}`;
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
    const step = self.kind === 'supervisor' ? supervisorStep(view) : wakerStep(view);
    if (state.killsLeft === 0) return [step];
    // The worker dies with its supervisor here: one that outlives it wakes a new supervisor itself.
    const lock = state.lock === me ? NOBODY : state.lock;
    return [step, go('ended', {}, { lock, killsLeft: state.killsLeft - 1 })];
  });
}

/** A hook, a task, and a worker without a supervisor: all end by seeing that a supervisor lives. */
function wakerStep(view: View): Step {
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
    case 'commit a row':
      return go('put_new', {}, { rows: state.rows + 1 });
    case 'orphan: look': // the last turn before it notices
      return go('orphan: release', {}, { spool: 0, rows: 0 });
    case 'orphan: release':
      return go('put_new', {}, { lock: NOBODY });
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
      return go(
        self.saw === self.other || self.saw === me ? 'await_claim' : 'does the starter live',
      );
    case 'does the starter live': // it will hand over yet
      if (mistake === 'the supervisor ends though its starter may hand over yet')
        return go('ended');
      return go(lives(self.other) ? 'await_claim' : 'own after all');
    case 'own after all':
      return go(state.claim === me ? 'await_claim' : 'ended');
    case 'claimed':
      return go(self.lastLook ? 'rest after 75' : 'worker: lock', { other: NOBODY });

    case 'worker: lock':
      if (state.lock !== NOBODY) {
        return { ...go(self.lastLook ? leave : 'rest after 75'), sentHome: true };
      }
      return go('worker: name the parent', { lastLook: false }, { lock: me });
    case 'worker: name the parent':
      return go('worker: look', {}, state.claim === me ? {} : { claim: me });
    case 'worker: look': // takes all there is, or decides to leave
      if (waits(state)) return go('worker: name the parent', {}, { spool: 0, rows: 0 });
      return go('worker: release');
    case 'worker: release':
      return go(
        mistake === 'the leaving worker keeps its claim while it looks for the last time'
          ? 'worker: look again'
          : 'worker: own claim',
        {},
        { lock: NOBODY },
      );
    case 'worker: own claim':
      return go(state.claim === me ? 'worker: give up the claim' : 'worker: look again');
    case 'worker: give up the claim':
      return go('worker: look again', {}, { claim: NOBODY });
    case 'worker: look again':
      if (!waits(state)) return go(leave);
      return go(
        mistake === 'the worker takes its lock back without a claim'
          ? 'worker: take back'
          : 'worker: claim again',
      );
    case 'worker: claim again':
      if (state.claim === NOBODY) return go('worker: take back', {}, { claim: me });
      return go('worker: judge the claim', { saw: state.claim });
    case 'worker: judge the claim':
      if (self.saw === me || self.saw === NOBODY) return go('worker: take back');
      return lives(self.saw) ? go(leave) : go('worker: same claim', { saw: self.saw });
    case 'worker: same claim':
      return go(state.claim === self.saw ? 'worker: take back' : leave);
    case 'worker: take back':
      if (state.lock !== NOBODY) return go('rest after 75');
      return go('worker: name the parent', {}, { lock: me });

    case 'rest after 75':
      if (state.claim === me) return go('after 75');
      return go('judge after 75', { saw: state.claim });
    case 'judge after 75':
      return go(lives(self.saw) ? 'ended' : 'after 75');
    case 'after 75':
      if (mistake === 'a supervisor whose worker was sent home does not look at the queue again') {
        return go(leave);
      }
      return go('own claim after 75', { lastLook: true });
    case 'own claim after 75':
      return go(state.claim === me ? 'give up the claim after 75' : 'worker: lock');
    case 'give up the claim after 75':
      return go('worker: lock', {}, { claim: NOBODY });
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

function waits(state: State): boolean {
  return state.spool + state.rows > 0;
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
