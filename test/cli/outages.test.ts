// The outages in a terminal, narrow or wide: what a person reads there.
import { describe, expect, it } from 'vitest';
import { outageLines } from '../../src/cli/outageText.ts';
import type { OutagesAnswer } from '../../src/contract/outages.ts';

const t0 = new Date(2026, 10, 21, 9, 5).getTime();
const minute = 60_000;
const outage = {
  id: 7,
  kind: 'away',
  beganAt: t0,
  endedAt: t0 + 10 * minute,
  durationMs: 10 * minute,
  code: 'plex-unreachable',
  cause: 'Plex at 192.168.1.10:32400 cannot be reached: nothing listens there.',
  jobs: 12,
  probes: 13,
  recoverable: 0,
} as const;
const answer: OutagesAnswer = {
  sentence: 'Plex is well. 2 outages are known.',
  now: null,
  longestMs: 10 * minute,
  totalMs: 20 * minute,
  meanMs: 10 * minute,
  availability: 0.9,
  since: t0,
  outages: [{ ...outage, id: 8, endedAt: null, code: null, cause: 'as long\nago' }, outage],
};
const eighty = { width: 80 };

describe('[1.5 VISB-03] plexsync outages', () => {
  it('shows each in one line: number, from, to, how long, what waited, probes and why', () => {
    const lines = outageLines(answer, eighty);
    expect(lines[0]).toBe('Plex is well. 2 outages are known.');
    expect(lines.slice(2)).toEqual([
      'no.  from              to     lasted      waited  probes  cause',
      '8    2026-11-21 09:05  now    10 minutes  12      13      as long ago',
      '7    2026-11-21 09:05  09:15  10 minutes  12      13      plex-unreachable',
    ]);
  });

  it('names the day of an end that is on another one', () => {
    const overNight = { ...outage, endedAt: t0 + 86_400_000 };
    const [line] = outageLines({ ...answer, outages: [overNight] }, { width: null }).slice(-1);
    expect(line).toContain('2026-11-21 09:05  2026-11-22 09:05  10 minutes');
  });

  it('shows the sentence alone where none is known', () => {
    const none = { ...answer, outages: [], sentence: 'Plex is well. No outage is known.' };
    expect(outageLines(none, eighty)).toEqual(['Plex is well. No outage is known.']);
  });
});
