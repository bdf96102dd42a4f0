import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { until } from '../../helpers/wait.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { scanDocument } from '../harness/library.ts';
import { workersOf } from '../harness/processes.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

const started = v.record(v.string(), v.string());
const jobSchema = v.object({
  findJob: v.nullable(v.object({ status: v.string(), progress: v.nullable(v.number()) })),
});
const queueSchema = v.object({
  jobQueue: v.nullable(
    v.array(v.object({ id: v.string(), status: v.string(), description: v.string() })),
  ),
});
type Job = v.InferOutput<typeof jobSchema>['findJob'];

describe('the tasks of PlexSync in a real Stash', () => {
  let world: RealWorld;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    world = await openRealWorld({ env: { PLEXSYNC_SLICE_MS: '4000' } });
  });
  afterAll(async () => {
    await world?.close();
  });

  const count = 100;
  const start = async (name: string): Promise<string> => {
    const answer = await world.face.graphql(
      started,
      'mutation ($name: String!) { runPluginTask(plugin_id: "plex-sync", task_name: $name) }',
      { name },
    );
    return Object.values(answer)[0] ?? '';
  };
  const find = async (id: string): Promise<Job> => {
    const document = 'query ($input: FindJobInput!) { findJob(input: $input) { status progress } }';
    return (await world.face.graphql(jobSchema, document, { input: { id } })).findJob;
  };
  const queue = async () =>
    (await world.face.graphql(queueSchema, '{ jobQueue { id status description } }')).jobQueue ??
    [];
  /** Watches the job to its end. @returns distinct values of its bar */
  const watch = async (id: string): Promise<readonly number[]> => {
    const bar: number[] = [];
    await until(`job ${id} has ended`, async () => {
      const job = await find(id);
      const { progress } = job ?? { progress: null };
      if (progress !== null && progress !== (bar.at(-1) ?? 0)) bar.push(progress);
      return job === null || !['READY', 'RUNNING', 'STOPPING'].includes(job.status);
    });
    return bar;
  };
  /** Titles that wait, while Plex is away; it is back and slow when this resolves. */
  const backlog = async (title: string, serviceMs: number): Promise<void> => {
    world.plex.switches.writeServiceMs = serviceMs;
    await world.plex.goAway();
    await world.face.graphql(
      v.unknown(),
      'mutation ($input: [SceneUpdateInput!]!) { scenesUpdate(input: $input) { id } }',
      {
        input: world.pairs
          .slice(0, count)
          .map(({ sceneId }) => ({ id: sceneId, title: `${title} ${sceneId}` })),
      },
    );
    await world.plex.comeBack();
  };
  const arrived = (title: string): number =>
    world.pairs
      .slice(0, count)
      .filter((pair) => world.item(pair).title === `${title} ${pair.sceneId}`).length;
  const said = (pattern: RegExp): boolean => pattern.test(world.stash.logText());

  test('"Process queue" moves the bar of Stash and says at the end what was done [1.2 PROC-01] [1.2 PROC-03]', async () => {
    await backlog('First', 120);
    const bar = await watch(await start('Process queue'));
    expect(arrived('First')).toBe(count);
    console.info(`the bar through findJob: ${bar.map((share) => share.toFixed(2)).join(' ')}`);
    expect(bar.length).toBeGreaterThanOrEqual(10);
    expect(bar).toEqual([...bar].sort((a, b) => a - b));
    expect(
      said(/\[Plugin \/ PlexSync\] Process queue: \d+ scenes? done.* Nothing waits any more\./),
    ).toBe(true);
    expect(workersOf(world.stash.directory)).toHaveLength(1);
  });

  test('one that is stopped in the middle and started again leaves nothing out [1.2 PROC-02]', async () => {
    await backlog('Second', 60);
    const id = await start('Process queue');
    await until('some are there', () => arrived('Second') >= 10);
    await world.mutate('mutation ($id: ID!) { stopJob(job_id: $id) }', { id });
    await until('it is stopped', async () => (await find(id))?.status === 'CANCELLED');
    expect(arrived('Second')).toBeLessThan(count);
    await watch(await start('Process queue'));
    expect(arrived('Second')).toBe(count);
    expect((await world.status()).deadLetters.count).toBe(0);
  });

  test('a scan behind a long drain has its turn after one slice, and the drain goes on after it [1.2 PROC-05] [1.2 TIME-03]', async () => {
    await backlog('Third', 150);
    await start('Process queue');
    await world.face.job(scanDocument);
    const then = arrived('Third');
    expect(then).toBeLessThan(count);
    console.info(`the scan was through when ${then} of ${count} were pushed`);
    expect(said(/Process queue: .* Other jobs of Stash wait: this goes on after them/)).toBe(true);
    await until('all are there', () => arrived('Third') === count);
    await until('no job is left', async () => (await queue()).length === 0);
    expect(said(/Process queue \(continued\)|Process queue: .*Nothing waits any more/)).toBe(true);
  });

  test('"Sync all scenes" and "Sync changed scenes" find what no hook told [1.2 PROC-01]', async () => {
    world.plex.switches.writeServiceMs = 0;
    await world.settled();
    for (const [index, name] of ['Sync changed scenes', 'Sync all scenes'].entries()) {
      const pair = world.pair(index);
      await world.enable(false);
      await world.edit(pair, { title: `Edited before ${name}` });
      await world.enable(true);
      await watch(await start(name));
      expect(world.item(pair).title).toBe(`Edited before ${name}`);
      expect(said(new RegExp(`${name}: \\d+ scenes? done.* Nothing waits any more`))).toBe(true);
    }
    const { queue: left } = await world.status();
    expect(left).toMatchObject({ pending: 0, toSync: 0 });
  });

  test('the log of Stash holds no complaint about PlexSync but that of the stop', () => {
    const stopped = /Plugin returned error: signal: killed/;
    expect(world.complaints().filter((line) => !stopped.test(line))).toEqual([]);
  });
});
