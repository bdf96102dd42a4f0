// The data file is damaged, deleted or half deleted under a worker that lives: what is saved afterwards
// arrives, and everybody reads the same file again.
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Status, statusSchema } from '../../src/contract/status.ts';
import { type Installed, installPlugin } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';

let world: Installed;
let pair: Pair;
let path: string;
beforeEach(async () => {
  world = await installPlugin();
  // A schedule: the worker has no reason ever to leave.
  await world.configure({ reconcileEvery: 'daily' });
  const [one] = world.addPairs(1);
  if (one === undefined) throw new Error('no pair');
  pair = one;
  path = join(world.data, 'plex-sync.db');
  await world.save(pair.sceneId, { title: 'Before' });
  await until('it is there', () => item()?.title === 'Before');
  await until('nothing is in flight', () => {
    const { pending, inFlight } = world.status().queue;
    return pending + inFlight === 0;
  });
});
afterEach(async () => {
  await world.close();
});

const item = () => world.plex.library.item(pair.ratingKey);

async function operate(args: string): Promise<{ status: Status | null; errors: string }> {
  const mutation = `mutation { runPluginOperation(plugin_id: "plex-sync", args: ${args}) }`;
  const { data, errors } = await world.stash.graphql(mutation);
  const answered = v.safeParse(statusSchema, data?.['runPluginOperation']);
  return { status: answered.success ? answered.output : null, errors: JSON.stringify(errors) };
}

/** A field never pushed before: one that is locked counts as a person's after the loss. */
async function isTakenUpAgain(): Promise<void> {
  await world.save(pair.sceneId, { details: 'After' });
  await until('what is saved afterwards arrives', () => item()?.summary === 'After', 60_000);
  // The worker reads what a person says on the page.
  await operate('{name: "pause"}');
  await world.save(pair.sceneId, { date: '2020-02-02' });
  await until('it waits', () => world.status().queue.pending === 1, 60_000);
  await operate('{name: "resume"}');
  await until('and goes on', () => item()?.originallyAvailableAt === '2020-02-02', 60_000);
}

it('damage that an operation meets is replaced once the worker has let go, and nothing is swallowed', async () => {
  const [before] = world.workers();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  // Which nobody reads just now but who opens the file.
  const table = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'folder_scan'").get();
  db.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4_096, 0xff), 0, 4_096, (Number(table?.['rootpage']) - 1) * 4_096);
  closeSync(file);
  const { status } = await operate('{name: "status"}');
  expect(status?.fullSyncNeeded?.reason).toMatch(/damaged; it is kept as/);
  await until('another worker is at work', () => {
    const now = world.workers();
    return now.length === 1 && now[0] !== before;
  });
  await isTakenUpAgain();
  expect(world.logText()).toContain('The worker leaves: The data file seems to be damaged');
}, 180_000);

it('a data file that was deleted is begun anew, and nothing that is saved then is swallowed', async () => {
  for (const name of readdirSync(world.data)) {
    if (/^plex-sync\.db(?:-wal|-shm)?$/.test(name)) rmSync(join(world.data, name));
  }
  const { status } = await operate('{name: "status"}');
  expect(status?.fullSyncNeeded?.reason).toContain('the data file was gone');
  await isTakenUpAgain();
  expect(world.logText()).toContain('The worker leaves: The data file was deleted or moved away');
}, 180_000);

it('a data file that was moved away has all that was in it, though its log was left behind', async () => {
  renameSync(path, `${path}.old`);
  await isTakenUpAgain();
  const moved = new DatabaseSync(`${path}.old`);
  const known = moved.prepare('SELECT scene_id FROM scene_state').all();
  moved.close();
  expect(known).toHaveLength(1);
}, 180_000);

it.each(['-wal', '-shm'])(
  'with %s alone deleted nothing at all is lost',
  async (ending) => {
    rmSync(path + ending);
    const { status, errors } = await operate('{name: "status"}');
    expect(errors).toBe('[]');
    expect(status?.scenes.matched).toBe(1);
    expect(status?.fullSyncNeeded).toBeNull();
    await isTakenUpAgain();
  },
  180_000,
);
