// Why the worker stays, and when it looks for new files in Plex.
import { describe, expect, it } from 'vitest';
import {
  blockedWithWorkMs,
  lingerMs,
  nextRefreshAt,
  reasonToStay,
  type StayFacts,
} from '../../src/domain/recover/stay.ts';

const now = 1_700_000_000_000;
const day = 86_400_000;
const idle: StayFacts = {
  now,
  lastActivityAt: now - lingerMs,
  lingerMs,
  watches: false,
  paused: false,
  hasWork: false,
  blockedSince: null,
  outage: false,
  waitingSince: null,
  reconciles: false,
};

describe('the worker', () => {
  it('lingers for ten minutes after the last event and then leaves', () => {
    expect(lingerMs).toBe(600_000);
    expect(reasonToStay({ ...idle, lastActivityAt: now - 599_999 })).toBe('an event came lately');
    expect(reasonToStay(idle)).toBeNull();
  });

  it('stays while any row has a due time', () => {
    expect(reasonToStay({ ...idle, hasWork: true })).toBe('changes wait');
  });

  it('stays through an outage, to end it by itself', () => {
    expect(reasonToStay({ ...idle, outage: true })).toBe('Plex is away');
  });

  it('stays for seven days while a scene waits for Plex to scan its file', () => {
    expect(reasonToStay({ ...idle, waitingSince: now - 7 * day + 1 })).toContain('scan');
    expect(reasonToStay({ ...idle, waitingSince: now - 7 * day })).toBeNull();
  });

  it('stays ten minutes from when only a person can help, however long ago the last event was', () => {
    const stuck = { ...idle, lastActivityAt: now - day, outage: true, waitingSince: now };
    expect(reasonToStay({ ...stuck, blockedSince: now - 599_999 })).toContain('put right');
    expect(reasonToStay({ ...stuck, blockedSince: now - 600_000 })).toBeNull();
    expect(reasonToStay({ ...stuck, blockedSince: now - day, lastActivityAt: now })).toBe(
      'an event came lately',
    );
  });

  it('stays for seven days of that while changes wait: saving a setting wakes nobody', () => {
    expect(blockedWithWorkMs).toBe(7 * day);
    const stuck = { ...idle, lastActivityAt: now - 8 * day, hasWork: true };
    expect(reasonToStay({ ...stuck, blockedSince: now - 7 * day + 1 })).toContain('let through');
    expect(reasonToStay({ ...stuck, blockedSince: now - 7 * day })).toBeNull();
  });
});

describe('the look for new files', () => {
  it('is not made when nothing waits, or it has waited for seven days', () => {
    expect(nextRefreshAt(now, now, null)).toBeNull();
    expect(nextRefreshAt(now, now, now - 7 * day)).toBeNull();
    expect(nextRefreshAt(now, now, now - 7 * day + 1)).not.toBeNull();
  });

  it('comes a minute after the last, then as long as they have waited, at most an hour', () => {
    const after = (waitedMs: number): number => {
      const at = nextRefreshAt(now, now, now - waitedMs);
      return at === null ? Number.NaN : at - now;
    };
    expect(after(0)).toBe(60_000);
    expect(after(59_999)).toBe(60_000);
    expect(after(600_000)).toBe(600_000);
    expect(after(3_600_000)).toBe(3_600_000);
    expect(after(3 * day)).toBe(3_600_000);
  });

  it('counts from the last look, so a late one is made at once', () => {
    expect(nextRefreshAt(now, now - 90_000, now - 1_000)).toBe(now - 30_000);
  });

  it('is made about ten times in the first hour, not sixty times', () => {
    let looks = 0;
    let refreshedAt = now;
    for (let time = now; time < now + 3_600_000; time += 1_000) {
      const next = nextRefreshAt(time, refreshedAt, now);
      if (next !== null && next <= time) {
        looks += 1;
        refreshedAt = time;
      }
    }
    expect(looks).toBeGreaterThanOrEqual(5);
    expect(looks).toBeLessThanOrEqual(12);
  });
});
