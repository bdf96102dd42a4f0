// Nothing can be pushed until a person acts: since when, and when it is looked at again.
import type { Clock } from '../base/clock.ts';
import { settingsFreshMs } from './stashLink.ts';

export interface Blocked {
  readonly kind: 'blocked';
  /** Unix ms. */
  readonly until: number;
  readonly since: number;
}

export interface Blockade {
  /** @param lookAt when to look again, Unix ms, if not as usual */
  begin(lookAt?: number): Blocked;
  /** What blocks, while it is not looked at again. */
  at(now: number): Blocked | null;
  /** Something happened: the next look is due. */
  lookAgain(): void;
  end(): void;
}

/** A person who puts it right is watching for the first ten minutes. */
const looks = { atFirstMs: settingsFreshMs, forMs: 600_000, laterMs: 60_000 };

export function openBlockade(clock: Clock): Blockade {
  let present: Blocked | null = null;
  return {
    begin: (lookAt) => {
      const now = clock.now();
      const since = present?.since ?? now;
      const { atFirstMs, forMs, laterMs } = looks;
      const until = lookAt ?? now + (now - since < forMs ? atFirstMs : laterMs);
      present = { kind: 'blocked', since, until };
      return present;
    },
    at: (now) => (present !== null && present.until > now ? present : null),
    lookAgain: () => {
      if (present !== null) present = { ...present, until: 0 };
    },
    end: () => {
      present = null;
    },
  };
}
