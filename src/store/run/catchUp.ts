// What is remembered for catching up: which lives of Stash were seen, until when nothing can have been
// missed, and when it was caught up last.
import * as v from 'valibot';
import { catchUpAt, catchUpEveryMs, type Proof, type Wish } from '../../domain/gaps/catchUp.ts';
import type { Database } from '../file/database.ts';
import * as state from '../file/state.ts';
import { readState, type Singleton, writeState } from '../file/state.ts';

export interface StashLife {
  /** 0 = not known. */
  readonly pid: number;
  /** Clock ticks since boot; 0 = not known. */
  readonly start: number;
}

const livesSchema = v.array(v.object({ pid: v.number(), start: v.number(), since: v.number() }));
/** Lives of Stash, the newest first, each with the Unix ms at which it was noticed. */
export const stashLives: Singleton<v.InferOutput<typeof livesSchema>> = {
  name: 'stash-lives',
  schema: livesSchema,
};
/** Events of an earlier life may come in late, and two Stashes may have one configuration. */
const livesKept = 4;

const catchUpSchema = v.object({
  /** As the settings say. */
  isOn: v.boolean(),
  startedAt: v.nullable(v.number()),
  /** Unix ms at which the last such run began. */
  lastAt: v.nullable(v.number()),
});
export const catchUp: Singleton<v.InferOutput<typeof catchUpSchema>> = {
  name: 'catch-up',
  schema: catchUpSchema,
};

export const proofOfLife: Singleton<Proof> = {
  name: 'proof-of-life',
  schema: v.object({ at: v.number(), seenAt: v.number() }),
};

/**
 * Notices a start of Stash. The first life ever seen is none: PlexSync was installed in it.
 * @param at Unix ms at which that Stash called
 */
export function noticeStash(db: Database, life: StashLife, at: number): boolean {
  if (life.pid === 0) return false;
  const lives = readState(db, stashLives) ?? [];
  if (lives.some(({ pid, start }) => pid === life.pid && start === life.start)) return false;
  const [newest] = lives;
  if (newest !== undefined && at < newest.since) return false;
  writeState(db, stashLives, [{ ...life, since: at }, ...lives].slice(0, livesKept));
  if (newest === undefined) return false;
  writeState(db, catchUp, { ...catchUpState(db), startedAt: at });
  return true;
}

export function catchUpState(db: Database): v.InferOutput<typeof catchUpSchema> {
  return readState(db, catchUp) ?? { isOn: true, startedAt: null, lastAt: null };
}

export function wishOf(db: Database): Wish {
  const { startedAt } = catchUpState(db);
  return { startedAt, missedSince: readState(db, state.missedSince)?.since ?? null };
}

/** When it is caught up next, Unix ms; null: there is no reason to, or it is switched off. */
export function nextCatchUpAt(db: Database, now: number): number | null {
  const { isOn, lastAt } = catchUpState(db);
  return isOn ? catchUpAt(wishOf(db), lastAt, everyMs(), now) : null;
}

function everyMs(): number {
  const forTests = process.env['PLEXSYNC_CATCH_UP_MS'] ?? '';
  return /^\d+$/.test(forTests) ? Number(forTests) : catchUpEveryMs;
}

/** After the clock was put back: none of its times lies ahead. @param now Unix ms */
export function putCatchUpRight(db: Database, now: number): void {
  const before = (at: number): number => Math.min(at, now);
  const lives = readState(db, stashLives);
  if (lives !== null) {
    const right = lives.map((life) => ({ ...life, since: before(life.since) }));
    writeState(db, stashLives, right);
  }
  const known = readState(db, catchUp);
  if (known !== null) {
    const [startedAt, lastAt] = [known.startedAt, known.lastAt].map((at) =>
      at === null ? null : before(at),
    );
    writeState(db, catchUp, {
      ...known,
      startedAt: startedAt ?? null,
      lastAt: lastAt ?? null,
    });
  }
  const proof = readState(db, proofOfLife);
  if (proof !== null) {
    writeState(db, proofOfLife, { at: before(proof.at), seenAt: before(proof.seenAt) });
  }
}
