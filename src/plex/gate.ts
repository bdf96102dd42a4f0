// What every request to Plex passes: reads up to four at once, writes one at a time, since Plex does
// them so anyway; after each write as long a rest as the pace says. All but the end of the rest
// belongs to the write: whoever asked has the answer after it, and so looks at how old its knowledge
// of the next item is after a long wait and not before. The end of it goes by while that is done.
import { type ErrorCode, isPlexSyncError } from '../contract/errors.ts';
import type { PlexAnswer, PlexRequest, Transport } from './transport.ts';

export type Outcome =
  | { readonly kind: 'answered'; readonly request: PlexRequest; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly request: PlexRequest;
      readonly ms: number;
      readonly code: ErrorCode;
    };

export interface Pacer {
  /** Milliseconds, of any clock that goes on. */
  now(): number;
  /** How long Plex is left alone before a write that comes now, in ms. */
  beforeWrite(): number;
  /** Told of every request once it has ended. @returns how long Plex is to rest, in ms */
  ended(outcome: Outcome): number;
  sleep(ms: number): Promise<void>;
}

export const noPace: Pacer = {
  now: () => 0,
  beforeWrite: () => 0,
  ended: () => 0,
  sleep: () => Promise.resolve(),
};

const readsAtOnce = 4;
/** Short beside the two seconds for which what was read of an item is written upon. */
const restAfterAnswerMs = 250;

export function gated(transport: Transport, pacer: Pacer): Transport {
  const reads = openTurnstile(readsAtOnce);
  const writes = openTurnstile(1);

  /** @returns what is left of the rest */
  async function ended(outcome: Outcome): Promise<number> {
    const rest = pacer.ended(outcome);
    if (rest <= restAfterAnswerMs) return rest;
    await pacer.sleep(rest - restAfterAnswerMs);
    return restAfterAnswerMs;
  }

  async function pass(request: PlexRequest, turnstile: Turnstile): Promise<PlexAnswer> {
    await turnstile.enter();
    const waitMs = turnstile === writes ? pacer.beforeWrite() : 0;
    if (waitMs > 0) await pacer.sleep(waitMs);
    const begin = pacer.now();
    let rest = 0;
    try {
      const answer = await transport.exchange(request);
      rest = await ended({ kind: 'answered', request, ms: pacer.now() - begin });
      return answer;
    } catch (error) {
      if (isPlexSyncError(error)) {
        const { code } = error;
        rest = await ended({ kind: 'failed', request, ms: pacer.now() - begin, code });
      }
      throw error;
    } finally {
      if (rest > 0) void pacer.sleep(rest).then(turnstile.leave);
      else turnstile.leave();
    }
  }

  return {
    get requests() {
      return transport.requests;
    },
    get retries() {
      return transport.retries;
    },
    exchange: (request) => pass(request, request.method === 'GET' ? reads : writes),
    close: () => transport.close(),
  };
}

interface Turnstile {
  readonly enter: () => Promise<void>;
  readonly leave: () => void;
}

/** Lets so many through at once, in the order in which they came. */
function openTurnstile(places: number): Turnstile {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    enter: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
