// The pace for a person, where it is not simply as fast as Plex takes writes.
import type { PaceAnswer } from '../contract/pace.ts';

/** @returns no line or one */
export function paceLines({ why, writesPerSecond, latencyMs, usualMs }: PaceAnswer): string[] {
  if (why === 'full' || writesPerSecond === null) return [];
  const rate = `${rounded(writesPerSecond)} requests a second`;
  if (why === 'ceiling') return [`Plex is written to with ${rate}: plexRequestsPerSecond says so.`];
  if (why === 'errors') return [`Plex fails now and then: it is written to with ${rate} for now.`];
  if (why === 'recovery') {
    return [`Plex was away: it is written to with ${rate}, and faster little by little.`];
  }
  const times = `${rounded((latencyMs ?? 0) / 1000)} s for a write, ${rounded((usualMs ?? 0) / 1000)} s as a rule`;
  return [`Plex is slower than usual (${times}): it is written to with ${rate} for now.`];
}

function rounded(value: number): string {
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
