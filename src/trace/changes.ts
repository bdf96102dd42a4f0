// Makes a trace of what is told about a change: from the hook that brought it to the push, with how
// long it lay in the spool, waited in the queue, and what the batch did with it. An attempt that
// failed is a part of it, too.
import type { TracedLine, Tracing } from '../sync/base/tracing.ts';

/** Times in Unix ms. */
export interface Part {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Code of the error that it ended with. */
  readonly error?: string | undefined;
  readonly parts?: readonly Part[];
}

export interface ChangeTrace extends Part {
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly parts: readonly Part[];
}

interface Open {
  readonly correlation: string;
  readonly type: string | null;
  readonly takenAt: number | null;
  /** Waits and attempts so far. */
  readonly parts: Part[];
  /** Until when those tell. */
  told: number;
}

interface Ending {
  readonly key: string;
  readonly at: number;
  readonly line: TracedLine;
}

/** These lines end a change; what is left then is another change. */
const ends: readonly string[] = [
  'pushed',
  'unchanged',
  'dead-letter',
  'withdrawn',
  'scene-gone',
  'no-item',
  'review',
];
/** Of a change that never ends, such as one that was cleared, the oldest are forgotten. */
const keysAtMost = 20_000;

export function openChanges(emit: (trace: ChangeTrace) => void): Omit<Tracing, 'close'> {
  const open = new Map<string, Open[]>();
  let batch: { keys: Set<string>; begunAt: number; steps: Part[]; ending: Ending[] } | null = null;

  const remember = (key: string, change: Open): void => {
    const known = open.get(key) ?? [];
    open.delete(key);
    open.set(key, [...known, change]);
    for (const oldest of open.keys()) {
      if (open.size <= keysAtMost) break;
      open.delete(oldest);
    }
  };

  const changesOf = (key: string, correlation: string, at: number): readonly Open[] => {
    const known = open.get(key) ?? [];
    if (known.some((change) => change.correlation === correlation)) return known;
    // Raised by another change, such as a rename; or taken in by an earlier worker.
    const parts: Part[] = [];
    return [
      ...known,
      { correlation, type: null, takenAt: null, parts, told: hookAt(correlation) ?? at },
    ];
  };

  const attempt = ({ key, at, line }: Ending): void => {
    const correlation = String(line.fields['cid']);
    const code = line.fields['code'];
    const isEnd = ends.includes(line.event);
    for (const change of changesOf(key, correlation, at)) {
      const begunAt = Math.min(batch?.keys.has(key) === true ? batch.begunAt : at, at);
      change.parts.push({ name: 'queue', from: change.told, to: Math.max(change.told, begunAt) });
      change.parts.push({
        name: isEnd ? line.event : 'attempt',
        from: begunAt,
        to: at,
        error: typeof code === 'string' ? code : undefined,
        parts: (batch?.steps ?? [])
          .filter(({ from }) => from < at)
          .map((step) => ({ ...step, to: Math.min(step.to, at) })),
      });
      change.told = at;
      if (isEnd) emit(traceOf(change, key, at, line));
      else if (!(open.get(key) ?? []).includes(change)) remember(key, change);
    }
    if (isEnd) open.delete(key);
  };

  return {
    logged: (at, line) => {
      const key = line.fields['key'];
      if (typeof key !== 'string') return;
      if (line.event === 'event') {
        const correlation = String(line.fields['cid']);
        remember(key, { correlation, type: null, takenAt: at, parts: [], told: at });
      } else if (ends.includes(line.event) || line.event === 'retry') {
        const ending = { key, at, line };
        // In a batch its steps are known only when it has ended.
        if (batch?.keys.has(key) === true) batch.ending.push(ending);
        else attempt(ending);
      }
    },
    batch: (keys, at) => {
      batch = { keys: new Set(keys), begunAt: at, steps: [], ending: [] };
    },
    did: (step, at) => {
      const from = batch?.steps.at(-1)?.to ?? batch?.begunAt ?? at;
      batch?.steps.push({ name: step, from, to: at });
    },
    batchEnded: () => {
      for (const ending of batch?.ending ?? []) attempt(ending);
      batch = null;
    },
  };
}

function traceOf(change: Open, key: string, at: number, line: TracedLine): ChangeTrace {
  const { correlation, takenAt, parts } = change;
  const from = Math.min(hookAt(correlation) ?? takenAt ?? at, parts[0]?.from ?? at);
  const code = line.fields['code'];
  const item = line.fields['item'];
  const spool = takenAt === null ? [] : [{ name: 'spool', from, to: takenAt }];
  return {
    name: `change of ${key.split(':')[0] ?? key}`,
    from,
    to: at,
    error: typeof code === 'string' ? code : undefined,
    attributes: {
      'plexsync.key': key,
      'plexsync.correlation': correlation,
      'plexsync.outcome': line.event,
      'plexsync.attempts': parts.filter(({ name }) => name !== 'queue').length,
      ...(typeof item === 'string' ? { 'plexsync.item': item } : {}),
    },
    parts: [...spool, ...parts],
  };
}

/** The hook's time stands in the id itself (src/sync/intake/intake.ts), so it survives a worker's death. */
function hookAt(correlation: string): number | null {
  const at = Number.parseInt(/^([0-9a-z]{6,9})-\d+-\d+$/.exec(correlation)?.[1] ?? '', 36);
  return Number.isSafeInteger(at) ? at : null;
}
