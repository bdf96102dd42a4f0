// What does not end `plexsync watch`: whatever a person may still put right.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { paused } from '../../src/store/queue/control.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { openStore } from '../../src/store/file/open.ts';
import { clearState, writeState } from '../../src/store/file/state.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { runWorker } from '../../src/sync/worker.ts';
import { openBeside } from '../helpers/beside.ts';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';

const hourMs = 3_600_000;

it('a settings file that is half saved is a problem in the status, and nothing else', async () => {
  const { world, root, start, titled } = await openBeside();
  const [first, second] = world.addPairs(2);
  if (first === undefined || second === undefined) throw new TypeError('there are none');
  await world.save(first.sceneId, { title: 'One' });
  const watch = start();
  await until('the first edit is there', titled(first, 'One'));
  const whole = JSON.stringify({ plexUrl: world.plex.url, plexToken: world.plex.token });
  writeFileSync(join(root, 'settings.json'), whole.slice(0, 20));
  await until('the status says so', () =>
    problemsIn(watch.data).some((text) => /settings\.json.*it is no JSON/.test(text)),
  );
  await world.save(second.sceneId, { title: 'Two' });
  writeFileSync(join(root, 'settings.json'), whole);
  await until('the second edit is there', titled(second, 'Two'));
  expect(problemsIn(watch.data)).toEqual([]);
  expect(await watch.stop()).toBe(0);
}, 120_000);

function problemsIn(data: string): readonly string[] {
  const { db } = openStore(join(data, 'plex-sync.db'), Date.now());
  try {
    const { problems } = readStatus(db, makeDataDirectory(data), '0.0.0-test', Date.now());
    return problems.map(({ message }) => message);
  } finally {
    db.close();
  }
}

const pause = async (world: World): Promise<void> =>
  world.withStore((db) => writeState(db, paused, { since: Date.now() }));
const resume = async (world: World): Promise<void> =>
  world.withStore((db) => clearState(db, paused));
const set =
  (settings: Readonly<Record<string, unknown>>) =>
  async (world: World): Promise<void> =>
    await world.configure(settings);

it.each([
  ['it is paused', pause, resume],
  ['its settings are wrong', set({ plexUrl: 'no address' }), set({})],
  ['its token is refused', set({ plexToken: 'wrong' }), set({})],
])(
  'it stays for as long as %s, and goes on when that is over',
  async (_, break_, mend) => {
    const world = await openWorld();
    const stop = new AbortController();
    const clock = fastClock(10_000);
    await world.configure();
    await break_(world);
    const ended = runWorker({
      dataDirectory: world.data,
      version: '0.0.0-test',
      programPath: import.meta.filename,
      clock,
      watches: true,
      stop: stop.signal,
      supervisorPid: () => null,
      supervisorGone: () => {},
    });
    onTestFinished(async () => {
      stop.abort();
      await ended;
      await world.close();
    });
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    const begun = clock.now();
    await until('half a day has passed', () => hasEnded || clock.now() > begun + 12 * hourMs);
    expect(hasEnded).toBe(false);
    await mend(world);
    const pair = world.addPair();
    world.edit(pair.sceneId, { title: 'One' });
    await until('it is there', () => world.titled([pair], 'One') === 1);
    stop.abort();
    expect(await ended).toBe(0);
  },
  90_000,
);
