// What of the worker's log is worth a line in Stash's own log, and how it is said there. Few kinds, and
// what comes in crowds is one line with a number: nobody reads a log that is full.
import { duration } from '../base/durationWords.ts';

export type TellingLevel = 'info' | 'warn' | 'error';

/** A line of the log as it is written. */
export interface LoggedLine {
  readonly level: TellingLevel | 'debug';
  readonly event: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What Stash's log is still to be told. */
export interface Telling {
  /** Unix ms of the first of them; of what tells a state, of the newest. */
  readonly at: number;
  readonly level: TellingLevel;
  readonly event: TellingEvent;
  /** Of the same. */
  readonly message: string;
  /** So many lines of the log are this one. */
  readonly count: number;
}

export interface Tellings {
  readonly waiting: readonly Telling[];
  /** Lines that had no room any more. */
  readonly dropped: number;
}

/** What is known when it is told. */
export interface TellingFacts {
  /** Changes, pictures and ratings that wait. */
  readonly waiting: number;
  readonly isPlexAway: boolean;
}

interface Kind {
  /** What is kept of the line; null: it is not told. */
  readonly pick: (line: LoggedLine) => string | null;
  readonly words: (telling: Telling, facts: TellingFacts) => string;
  /** Several that wait are one line, whatever they say. */
  readonly together?: true;
  /**
   * It tells a state: of several that wait the newest counts, in its own place, so that what is told
   * last is how it is. `each` of what it says, or `any`.
   */
  readonly newest?: 'each' | 'any';
}

export const tellingEvents = [
  'circuit',
  'recovery',
  'setting',
  'settings',
  'dead-letter',
  'extra',
  'reconcile',
  'stash-restored',
  'store',
  'spool-file',
  'warning',
  'release',
  'worker',
] as const;
export type TellingEvent = (typeof tellingEvents)[number];

const problems = ({ level, message }: LoggedLine): string | null =>
  level === 'warn' || level === 'error' ? message : null;
const errors = ({ level, message }: LoggedLine): string | null =>
  level === 'error' ? message : null;
const news = ({ level, message }: LoggedLine): string | null => (level === 'info' ? message : null);
const asItIs = ({ message }: Telling): string => message;

const kinds: Readonly<Record<TellingEvent, Kind>> = {
  circuit: {
    newest: 'any',
    // Probes and trials lead to and fro; the token is told as a setting.
    pick: ({ fields: { from, to, why } }) =>
      to === 'open' && (from === 'closed' || from === 'refused') ? String(why) : null,
    words: ({ message }, { waiting, isPlexAway }) => {
      const away = `Plex is away: ${ended(message)}`;
      if (!isPlexAway) return away;
      const what =
        waiting === 0
          ? ''
          : ` ${number(waiting)} ${waiting === 1 ? 'change waits' : 'changes wait'}, nothing is lost.`;
      return `${away}${what} PlexSync goes on by itself when it is back.`;
    },
  },
  recovery: { newest: 'any', pick: news, words: ({ message }) => ended(message) },
  setting: {
    newest: 'each',
    pick: errors,
    words: ({ message }) => `Nothing is pushed until this is put right: ${ended(message)}`,
  },
  settings: { newest: 'each', pick: news, words: ({ message }) => ended(message) },
  'dead-letter': {
    pick: (line) => withKey(errors(line), line.fields['key']),
    words: ({ count, message }) =>
      `${crowd(count, 'One change was', 'changes were')} given up${first(count)}: ${ended(message)} The task Retry dead letters tries again.`,
    together: true,
  },
  extra: {
    pick: (line) => withKey(errors(line), line.fields['key']),
    words: ({ count, message }) =>
      `${crowd(count, 'One picture or rating was', 'pictures and ratings were')} given up${first(count)}: ${ended(message)}`,
    together: true,
  },
  reconcile: {
    // Who asks for a run is told by whoever answers; only its end has an origin.
    pick: ({ level, message, fields: { origin, found } }) => {
      if (origin === undefined) return null;
      const isNews = level === 'warn' || (origin !== 'person' && found !== 0);
      return isNews ? message : null;
    },
    words: ({ level, message }) =>
      level === 'info' ? `Stash and Plex were compared: ${message}` : message,
  },
  'stash-restored': { pick: problems, words: ({ message }) => ended(message) },
  store: { pick: problems, words: ({ message }) => ended(message) },
  'spool-file': {
    pick: errors,
    words: ({ count, message }) =>
      `${crowd(count, 'One event', 'events')} could not be taken in${first(count)}: ${ended(message)}`,
    together: true,
  },
  warning: { pick: problems, words: asItIs },
  release: { pick: news, words: ({ message }) => ended(message) },
  worker: {
    // Without the lines of a stack.
    pick: (line) => errors(line)?.split('\n')[0] ?? null,
    words: ({ count, message }) =>
      `The worker failed${count === 1 ? '' : ` ${number(count)} times`}, and is started again: ${ended(message)}`,
    together: true,
  },
};

/** Lines that wait at most; then the oldest goes. */
export const tellingsAtMost = 40;
const longestMessage = 500;
/** What is told later than this says how long ago it was. */
export const lateMs = 120_000;

/** What is to be told of a line of the log, or null. */
export function tellingOf(line: LoggedLine, at: number): Telling | null {
  const event = tellingEvents.find((one) => one === line.event);
  if (event === undefined || line.level === 'debug') return null;
  const picked = kinds[event].pick(line);
  if (picked === null) return null;
  const message = picked.replaceAll(/\s+/g, ' ').slice(0, longestMessage);
  return { at, level: line.level, event, message, count: 1 };
}

export function withTelling({ waiting, dropped }: Tellings, telling: Telling): Tellings {
  const same = waiting.find((one) => isSameLine(one, telling));
  if (same !== undefined) {
    const count = same.count + telling.count;
    if (kinds[telling.event].newest === undefined) {
      const more = { ...same, count };
      return { waiting: waiting.map((one) => (one === same ? more : one)), dropped };
    }
    const others = waiting.filter((one) => one !== same);
    return { waiting: [...others, { ...telling, count }], dropped };
  }
  const all = [...waiting, telling];
  const over = Math.max(0, all.length - tellingsAtMost);
  return { waiting: all.slice(over), dropped: dropped + over };
}

function isSameLine(one: Telling, other: Telling): boolean {
  const { together, newest } = kinds[one.event];
  const whateverItSays = together === true || newest === 'any';
  return (
    one.event === other.event &&
    one.level === other.level &&
    (whateverItSays || one.message === other.message)
  );
}

/** What is left when `told` was told: something may have come meanwhile. */
export function withoutTold(now: Tellings, told: Tellings): Tellings {
  const left = now.waiting.flatMap((one): readonly Telling[] => {
    const isNewest = kinds[one.event].newest !== undefined;
    const before = told.waiting.find(
      (other) =>
        isSameLine(other, one) &&
        // What tells a state has the newest one's time and words; the rest the first one's.
        (isNewest || (other.at === one.at && other.message === one.message)),
    );
    const count = one.count - (before?.count ?? 0);
    return count <= 0 ? [] : [{ ...one, count }];
  });
  return { waiting: left, dropped: Math.max(0, now.dropped - told.dropped) };
}

/** @param now Unix ms */
export function tellingText(telling: Telling, facts: TellingFacts, now: number): string {
  const { words, newest } = kinds[telling.event];
  const times =
    newest !== undefined && telling.count > 1 ? ` (${number(telling.count)} times)` : '';
  const text = `${words(telling, facts)}${times}`;
  const lateBy = now - telling.at;
  return lateBy < lateMs ? text : `${duration(lateBy)} ago: ${text}`;
}

/** No line is of later than now: the clock may have been put back. @param now Unix ms */
export function tellingsAt({ waiting, dropped }: Tellings, now: number): Tellings {
  return { waiting: waiting.map((one) => ({ ...one, at: Math.min(one.at, now) })), dropped };
}

export function droppedText(dropped: number): string {
  return `${crowd(dropped, 'One earlier line', 'earlier lines')} for this log had no room; plex-sync.log has them.`;
}

function withKey(message: string | null, key: unknown): string | null {
  if (message === null || typeof key !== 'string') return message;
  return `${key.replace(':', ' ')}: ${message}`;
}

function crowd(count: number, one: string, many: string): string {
  return count === 1 ? one : `${number(count)} ${many}`;
}

function first(count: number): string {
  return count === 1 ? '' : ', the first of them';
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

const number = (value: number): string => value.toLocaleString('en-US');
