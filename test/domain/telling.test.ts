// Which lines of PlexSync's log are told in Stash's own, and in which words.
import { describe, expect, it } from 'vitest';
import {
  type LoggedLine,
  type Telling,
  type Tellings,
  tellingOf,
  tellingsAtMost,
  tellingText,
  withoutTold,
  withTelling,
} from '../../src/domain/words/telling.ts';

const t0 = 1_700_000_000_000;
const none: Tellings = { waiting: [], dropped: 0 };
const away = { waiting: 12, isPlexAway: true };
const well = { waiting: 0, isPlexAway: false };

function line(
  level: LoggedLine['level'],
  event: string,
  message: string,
  fields: LoggedLine['fields'] = {},
): LoggedLine {
  return { level, event, message, fields };
}

function told(of: LoggedLine, at = t0): Telling {
  const telling = tellingOf(of, at);
  if (telling === null) throw new Error(`not told: ${of.message}`);
  return telling;
}

const letter = (scene: number): Telling =>
  told(
    line('error', 'dead-letter', 'Plex refuses the title', { key: `scene:${scene}` }),
    t0 + scene,
  );

describe('[1.0 OBS-01] what Stash’s log is told', () => {
  it('an outage: once, with what waits when it is told', () => {
    const opened = { from: 'closed', to: 'open', why: 'Plex cannot be reached' };
    const telling = told(line('warn', 'circuit', 'Plex: closed → open', opened));
    expect(tellingText(telling, away, t0)).toBe(
      'Plex is away: Plex cannot be reached. 12 changes wait, nothing is lost. PlexSync goes on by itself when it is back.',
    );
    // Over before it was told.
    expect(tellingText(telling, well, t0)).toBe('Plex is away: Plex cannot be reached.');
    for (const [from, to] of [
      ['open', 'half-open'],
      ['half-open', 'open'],
      ['closed', 'refused'],
      ['half-open', 'closed'],
    ]) {
      expect(tellingOf(line('warn', 'circuit', '', { from, to, why: '' }), t0)).toBeNull();
    }
  });

  it('what was given up: as one line, however many they are', () => {
    const crowd = Array.from({ length: 1200 }, (_, n) => letter(n + 1)).reduce(withTelling, none);
    expect(crowd.waiting).toHaveLength(1);
    const [one] = crowd.waiting;
    expect(one === undefined ? '' : tellingText(one, well, t0)).toBe(
      '1,200 changes were given up, the first of them: scene 1: Plex refuses the title. The task Retry dead letters tries again.',
    );
    expect(tellingText(letter(7), well, t0)).toBe(
      'One change was given up: scene 7: Plex refuses the title. The task Retry dead letters tries again.',
    );
  });

  it('not what is done day by day', () => {
    for (const quiet of [
      line('info', 'pushed', 'Pushed title', { key: 'scene:1' }),
      line('warn', 'retry', 'Plex answered 500; next try in 5 s', { key: 'scene:1' }),
      line('info', 'worker', 'The worker begins'),
      line('warn', 'extra', 'The poster: next try in 5 s'),
      line('info', 'reconcile', 'Reconciles all scenes', { run: 1 }),
      line('info', 'reconcile', 'no gaps', { origin: 'schedule', found: 0 }),
      line('info', 'reconcile', '3 gaps', { origin: 'person', found: 3 }),
      line('debug', 'setting', 'looked at'),
    ]) {
      expect(tellingOf(quiet, t0), quiet.message).toBeNull();
    }
  });

  it('what comes late says how old it is', () => {
    const lost = told(line('error', 'store', 'A full sync is needed: the data file was gone'));
    expect(tellingText(lost, well, t0 + 3_600_000)).toBe(
      '60 minutes ago: A full sync is needed: the data file was gone.',
    );
  });

  it('a bounded number of lines: the oldest go, and are counted', () => {
    const all = Array.from({ length: tellingsAtMost + 5 }, (_, n) =>
      told(line('warn', 'warning', `Library ${n}`), t0 + n),
    ).reduce(withTelling, none);
    expect(all.waiting).toHaveLength(tellingsAtMost);
    expect(all.waiting[0]?.message).toBe('Library 5');
    expect(all.dropped).toBe(5);
  });

  it('what comes while it is told is told the next time', () => {
    const before = [letter(1), letter(2)].reduce(withTelling, none);
    const meanwhile = [letter(3), told(line('warn', 'warning', 'new'), t0)];
    const left = withoutTold(meanwhile.reduce(withTelling, before), before);
    expect(left.waiting.map(({ event, count }) => [event, count])).toEqual([
      ['dead-letter', 1],
      ['warning', 1],
    ]);
    expect(withoutTold(before, before)).toEqual(none);
  });

  it('in the end how it is: a state that came again is told in the place of the newest', () => {
    const opened = { from: 'closed', to: 'open', why: 'Plex cannot be reached' };
    const leaves = (at: number): Telling => told(line('warn', 'circuit', '', opened), at);
    const comes = (seconds: number, at: number): Telling =>
      told(line('info', 'recovery', `Plex is back after ${seconds} s`), at);
    const all = [comes(12, t0), leaves(t0 + 1), comes(9, t0 + 2), leaves(t0 + 3)];
    const { waiting } = all.reduce(withTelling, none);
    expect(waiting.map((one) => [one.at - t0, tellingText(one, well, t0)])).toEqual([
      [2, 'Plex is back after 9 s. (2 times)'],
      [3, 'Plex is away: Plex cannot be reached. (2 times)'],
    ]);
    const wrong = (setting: string): Telling =>
      told(line('error', 'setting', `${setting}: is empty`), t0);
    const order = told(line('info', 'settings', 'The settings are in order now'));
    const settings = [wrong('plexUrl'), wrong('plexToken'), order, wrong('plexUrl')];
    expect(settings.reduce(withTelling, none).waiting.map((one) => one.message)).toEqual([
      'plexToken: is empty',
      order.message,
      'plexUrl: is empty',
    ]);
    // What was told before it came again is not told twice.
    const before = [leaves(t0)].reduce(withTelling, none);
    const left = withoutTold(withTelling(before, leaves(t0 + 9)), before);
    expect(left.waiting).toEqual([{ ...leaves(t0 + 9), count: 1 }]);
  });

  it('of a fault of its own only the first line, without a stack', () => {
    const crash = told(line('error', 'worker', 'TypeError: x is null\n    at turn (engine.ts:1)'));
    expect(tellingText(crash, well, t0)).toBe(
      'The worker failed, and is started again: TypeError: x is null.',
    );
  });
});
