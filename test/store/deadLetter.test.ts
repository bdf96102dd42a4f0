// Dead letters: what was given up, kept for a person.
import { describe, expect, it } from 'vitest';
import {
  bury,
  deadLetterCount,
  deadLetters,
  deadLettersByCause,
  forgetDeadLetter,
} from '../../src/store/queue/deadLetter.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { Database } from '../../src/store/file/database.ts';
import { claim } from '../../src/store/queue/queueClaim.ts';
import { retryAt } from '../../src/store/queue/queueSettle.ts';
import { transaction } from '../../src/store/file/sql.ts';
import { allRows, newStore, raiseScene, t0 } from './support.ts';

function giveUp(
  db: Database,
  id: number,
  now: number,
  code: ErrorCode = 'plex-bad-request',
  field: string | null = null,
): boolean {
  raiseScene(db, id, now);
  const [row] = claim(db, now, 1);
  if (row === undefined) throw new Error('nothing to claim');
  const error = { code, message: `why ${id}`, field };
  return transaction(db, () => bury(db, row, error, row.attempts + 1, now));
}

describe('[1.0 RTRY-03] a dead letter', () => {
  it('keeps the scene, the code, the message, the field, the attempts, and first and last time', () => {
    const db = newStore();
    raiseScene(db, 12, t0, { correlation: 'abc-1' });
    claim(db, t0, 1);
    const retry = { dueAt: t0 + 50, attempts: 5, errorCode: 'plex-reset', now: t0 + 10 };
    retryAt(db, 'scene:12', retry);
    const [row] = claim(db, t0 + 50, 1);
    if (row === undefined) throw new Error('nothing to claim');
    const error = { code: 'plex-server-error', message: 'it failed', field: 'title' } as const;
    expect(transaction(db, () => bury(db, row, error, 6, t0 + 60))).toBe(true);
    expect(deadLetters(db, 10)).toEqual([
      {
        key: 'scene:12',
        entityId: 12,
        errorCode: 'plex-server-error',
        message: 'it failed',
        field: 'title',
        attempts: 6,
        firstErrorAt: t0 + 10,
        lastErrorAt: t0 + 60,
        correlation: 'abc-1',
        outage: null,
      },
    ]);
    expect(allRows(db, 'queue')).toEqual([]);
  });

  it('has one time for both when the first error was the last', () => {
    const db = newStore();
    giveUp(db, 1, t0);
    expect(deadLetters(db, 10)[0]).toMatchObject({
      firstErrorAt: t0,
      lastErrorAt: t0,
      attempts: 1,
    });
  });

  it('is one per scene: given up again, it says what happened last', () => {
    const db = newStore();
    giveUp(db, 1, t0, 'plex-bad-request', 'title');
    giveUp(db, 1, t0 + 5_000, 'scene-invalid');
    expect(deadLetters(db, 10)).toHaveLength(1);
    expect(deadLetters(db, 10)[0]).toMatchObject({
      errorCode: 'scene-invalid',
      field: null,
      lastErrorAt: t0 + 5_000,
    });
  });

  it('stays while its scene is tried anew, and goes when that is told', () => {
    const db = newStore();
    giveUp(db, 1, t0);
    raiseScene(db, 1, t0 + 1_000);
    expect(deadLetterCount(db)).toBe(1);
    forgetDeadLetter(db, 'scene:1');
    forgetDeadLetter(db, 'scene:1');
    expect(deadLetterCount(db)).toBe(0);
  });

  it('is counted by its cause and listed newest first, as many as asked for', () => {
    const db = newStore();
    giveUp(db, 1, t0);
    giveUp(db, 2, t0 + 1_000, 'scene-invalid');
    giveUp(db, 3, t0 + 2_000);
    expect(deadLettersByCause(db)).toEqual({ 'plex-bad-request': 2, 'scene-invalid': 1 });
    expect(deadLetters(db, 2).map((letter) => letter.key)).toEqual(['scene:3', 'scene:2']);
    expect(deadLettersByCause(newStore())).toEqual({});
  });
});
