// Step "clocks": what Stash and Plex think that the time is, from the Date of an answer.
import type { HealthStep } from '../../contract/health.ts';
import { ok, skipped, warn } from './step.ts';

/** More than the second that a Date is exact to, and than an answer takes. */
const apartMs = 60_000;
const limitMs = 3_000;

/** Ahead of this machine's clock, in ms; null where it could not be told. */
export type Lead = number | null;

/** @param url of anything that needs no login; no credential is sent, and redirects are not followed */
export async function leadOf(url: string, now: () => number = Date.now): Promise<Lead> {
  const { request } = await import('undici');
  try {
    const before = now();
    const { headers, body } = await request(url, {
      method: 'GET',
      reset: true,
      signal: AbortSignal.timeout(limitMs),
    });
    await body.dump();
    const { date } = headers;
    const told = Date.parse(typeof date === 'string' ? date : '');
    return Number.isNaN(told) ? null : told - (before + now()) / 2;
  } catch {
    return null;
  }
}

export function clocksStep(leads: Readonly<Record<string, Lead>>): HealthStep {
  const known = Object.entries(leads).flatMap(([who, lead]) =>
    lead === null ? [] : [{ who, lead }],
  );
  if (known.length === 0) return skipped('clocks', 'neither server told its time');
  const apart = known.filter(({ lead }) => Math.abs(lead) > apartMs);
  const names = known.map(({ who }) => who).join(' and ');
  if (apart.length === 0) return ok('clocks', `The clock of ${names} agrees with this machine’s.`);
  const found = apart.map(
    ({ who, lead }) =>
      `the clock of ${who} is ${Math.round(Math.abs(lead) / 1000)} s ${lead > 0 ? 'ahead' : 'behind'}`,
  );
  return warn(
    'clocks',
    `Beside this machine’s, ${found.join(', and ')}.`,
    'Let every machine set its clock by the network (NTP): what is new in Plex is found by its time.',
  );
}
