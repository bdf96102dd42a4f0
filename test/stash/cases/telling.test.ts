import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe('a real Stash’s log has a line per event worth reading [1.0 OBS-01]', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeEach(async () => {
    // Stash would be asked to start a process for it once a minute.
    world = await openRealWorld({ env: { PLEXSYNC_TELL_MS: '500' } });
  });
  afterEach(async () => {
    await world?.close();
  });
  const told = (what: RegExp): readonly string[] =>
    world.stash
      .logText()
      .split('\n')
      .filter((line) => /\[Plugin \/ PlexSync\]/.test(line) && what.test(line));

  test('Plex is stopped while scenes are edited, and comes back: one line each, with nobody touching Stash', async () => {
    const edited = world.pairs.slice(0, 30);
    await world.plex.goAway();
    await world.bulkEdit(edited, { details: 'Edited in the outage' });
    await until('the outage is told', () => told(/Plex is away/).length > 0);
    await world.plex.comeBack();
    await until('its end is told', () => told(/Plex is back/).length > 0);
    await until('all arrive', () =>
      edited.every((pair) => world.item(pair).summary === 'Edited in the outage'),
    );
    expect(told(/Plex is/)).toEqual([
      expect.stringMatching(
        /^WARN.*Plex is away: Plex at \S+ cannot be reached: nothing listens there\. 30 changes wait, nothing is lost\. PlexSync goes on by itself when it is back\./,
      ),
      expect.stringMatching(
        /^INFO.*Plex is back after \d+ s; 30 changes waited for it, \d+ more to go\./,
      ),
    ]);
  });

  test('what is given up is told once', async () => {
    const pair = world.pair(0);
    world.plex.switches.poison.set(pair.ratingKey, 'status-400');
    await world.edit(pair, { title: 'Refused' });
    await until('it is told', () => told(/given up/).length > 0);
    expect(told(/given up/)).toEqual([
      expect.stringMatching(new RegExp(`^ERRO.*One change was given up: scene ${pair.sceneId}: `)),
    ]);
  });
});
