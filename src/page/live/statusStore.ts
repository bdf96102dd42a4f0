// The status, once for all that show it: the page's sentence, its tabs, the dot in the navigation.
//
// While somebody looks (`watch`) and the browser shows the page, one question is always under way:
// it names the revision that is known, and PlexSync answers when there is another one. So what is
// shown is two seconds old at most, at the price of one process. Hidden or left, the question is
// called off. After trouble what is known stays, and it is asked again after 2 seconds, doubling to
// 30, or every 3 while PlexSync fetches its Node. `look` asks once, for those who only want to know.
import type { Status } from '../../contract/status.ts';
import { stashNow } from '../api/clock.ts';
import { call } from '../operation/call.ts';
import { type Trouble, troubled } from '../operation/trouble.ts';
import { isVisible, onVisibility } from './visible.ts';

export interface Seen {
  readonly status: Status | null;
  /** Unix ms of Stash's machine, of the last answer. */
  readonly at: number | null;
  /** Why the last question gave no answer; null if it did. */
  readonly trouble: Trouble | null;
}

const firstWaitMs = 2_000;
const longestWaitMs = 30_000;
const whileFetchingMs = 3_000;
/** PlexSync answers after 25 seconds in any case: a connection that says nothing for longer is dead. */
const lateMs = 45_000;

let seen: Seen = { status: null, at: null, trouble: null };
let watchers = 0;
let under: AbortController | null = null;
let waitMs = firstWaitMs;
let timer: number | undefined;
const listeners = new Set<() => void>();

export const seenStatus = (): Seen => seen;

/** @returns ends it */
export function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Keeps the status live. @returns ends it */
export function watch(): () => void {
  watchers += 1;
  if (watchers === 1) stopListening = onVisibility(turn);
  turn();
  return () => {
    watchers -= 1;
    if (watchers === 0) {
      stopListening();
      rest();
    }
  };
}
let stopListening = (): void => {};

/** Asks now, whatever is known: after an action, or by the button "try again". */
export function lookAgain(): void {
  rest();
  waitMs = firstWaitMs;
  void ask(false);
}

/** Asks once, unless somebody watches anyway or it is not seen. */
export function look(): void {
  if (watchers === 0 && under === null && isVisible()) void ask(false);
}

function turn(): void {
  if (!isVisible() || watchers === 0) rest();
  else if (under === null) void ask(seen.trouble === null);
}

function rest(): void {
  window.clearTimeout(timer);
  under?.abort();
  under = null;
}

/** @param patient answered when there is something new */
async function ask(patient: boolean): Promise<void> {
  const own = new AbortController();
  under = own;
  const after = patient && seen.status !== null ? { after: seen.status.revision } : {};
  let isLate = false;
  const limit = window.setTimeout(() => {
    isLate = true;
    own.abort();
  }, lateMs);
  const answered = await call('status', after, own.signal);
  window.clearTimeout(limit);
  if (under !== own) return;
  under = null;
  const outcome = answered ?? (isLate ? troubled('stash') : null);
  if (outcome === null) return;
  if (outcome.kind === 'answer') {
    waitMs = firstWaitMs;
    tell({ status: outcome.answer, at: stashNow(), trouble: null });
  } else {
    tell({ ...seen, trouble: outcome.trouble });
  }
  if (watchers === 0 || !isVisible()) return;
  if (outcome.kind === 'answer') return void ask(true);
  const isFetching = outcome.trouble.node?.state.kind === 'fetching';
  timer = window.setTimeout(() => void ask(false), isFetching ? whileFetchingMs : waitMs);
  waitMs = isFetching ? firstWaitMs : Math.min(waitMs * 2, longestWaitMs);
}

function tell(next: Seen): void {
  seen = next;
  for (const listener of listeners) listener();
}
