// Time that passes for an engine as it does for a worker: turn after turn, asleep in between for as long
// as the worker would sleep, on a clock that only this moves. What is looked at afterwards, too.
import { rows } from '../../src/store/file/sql.ts';
import type { Turns } from './turns.ts';

/** As long as a worker sleeps at most, and what a turn takes that did something. */
const [longestNapMs, turnMs] = [2_000, 20];

/** @param atTime called before each turn, with what has passed so far */
export async function pass(
  turns: Turns,
  forMs: number,
  atTime: (passedMs: number) => Promise<void> | void = () => {},
): Promise<void> {
  const begin = turns.nowMs;
  const end = begin + forMs;
  while (turns.nowMs < end) {
    await atTime(turns.nowMs - begin);
    const turn = await turns.turn();
    const now = turns.nowMs;
    const until = turn.kind === 'idle' || turn.kind === 'blocked' ? turn.until : null;
    const napMs = turn.kind === 'worked' ? turnMs : Math.max(1, (until ?? end) - now);
    turns.nowMs = Math.min(end, now + Math.min(longestNapMs, napMs));
  }
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly message: string;
}

/** The transitions of the circuit, as the log has them. */
export function movesOf(logText: string): readonly Move[] {
  const lines = logText.split('\n').filter((line) => line.includes('"event":"circuit"'));
  return lines.map((line) => {
    const { from, to, message } = JSON.parse(line) as Move;
    return { from, to, message };
  });
}

/** Wrong ones among them: from another state than the one before led to, to the same, without a why. */
export function brokenMoves(moves: readonly Move[]): readonly Move[] {
  return moves.filter(({ from, to, message }, at) => {
    const before = moves[at - 1]?.to ?? 'closed';
    return from !== before || to === from || !message.startsWith(`Plex: ${from} → ${to}: `);
  });
}

/** The most attempts that any row was charged, with those in the dead letters. */
export function mostAttempts(turns: Turns): number {
  const found = rows(
    turns.db,
    `SELECT max(attempts) AS n FROM
       (SELECT attempts FROM queue UNION ALL SELECT attempts FROM dead_letter)`,
  );
  return Number(found[0]?.['n'] ?? 0);
}
