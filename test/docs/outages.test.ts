// docs/outages.md tells when Plex is tried again as the strategy has it, and what people must know.
import { expect, it } from 'vitest';
import { courses } from '../../src/domain/recover/strategy.ts';
import { retryPolicies } from '../../src/domain/recover/retryPolicies.ts';
import { rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/outages.md');

it('the page about outages tells the times of the first probes and the longest pause', () => {
  const { firstProbeMs, longestProbeMs, ramp } = courses.conservative.unreachable;
  const times: string[] = [];
  let at = 0;
  for (let wait = firstProbeMs; wait < longestProbeMs; wait *= 2) {
    at += wait;
    times.push(`${at / 1000} s`);
  }
  times.push(`${(at + longestProbeMs) / 1000} s`);
  const cells = rowsOf(sectionOf(page, 'Minute by minute'), /./);
  expect(cells.map(([when]) => when)).toContain(`about ${times.join(', ')} later`);
  expect(cells.find(([when]) => when === 'from then on')?.[1]).toContain(
    `every ${longestProbeMs / 1000} s`,
  );
  expect(cells.find(([when]) => when === 'then')?.[1]).toMatch(/^One write a second at first/);
  expect(ramp.leastPerSecond).toBe(1);
});

it('the page about outages tells how often an item is tried before it is given up', () => {
  const attempts = Object.values(retryPolicies).map(({ maxAttempts }) => maxAttempts);
  expect([Math.min(...attempts), Math.max(...attempts)]).toEqual([4, 6]);
  expect(page.replace(/\s+/g, ' ')).toContain('after four to six tries given up');
});
