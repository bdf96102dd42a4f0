// Stash's job queue as plugins and the page see it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { fieldOf, isAlive, listOf, seenBy, startStash, until } from './stashKit.ts';

const fields = 'id status description progress addTime startTime endTime error subTasks';

async function startTask(stash: StashSimulator, args = 'task_name: "Work"'): Promise<string> {
  const { data } = await stash.graphql(`mutation { runPluginTask(plugin_id: "probe", ${args}) }`);
  return String(data?.['runPluginTask']);
}

async function findJob(stash: StashSimulator, id: string): Promise<unknown> {
  const { data } = await stash.graphql(
    `query ($id: ID!) { findJob(input: {id: $id}) { ${fields} } }`,
    { id },
  );
  return data?.['findJob'];
}

async function queue(stash: StashSimulator): Promise<unknown> {
  return (await stash.graphql('{ jobQueue { id status } }')).data?.['jobQueue'];
}

async function ended(stash: StashSimulator, id: string): Promise<unknown> {
  await until(() => stash.jobs.list().every((job) => String(job.id) !== id), `job ${id} has ended`);
  return findJob(stash, id);
}

/** Writes its process id, then waits for the file `go`. */
const waiting = `cat >/dev/null
echo $$ > "$1/seen/$$"
until [ -e "$1/go" ]; do sleep 0.02; done
`;

function go(stash: StashSimulator): void {
  writeFileSync(join(stash.pluginsPath, 'probe', 'go'), '');
}

async function running(stash: StashSimulator, count = 1): Promise<number[]> {
  await until(
    () => seenBy(stash).filter((text) => text.endsWith('\n')).length === count,
    `${count} plugins run`,
  );
  return seenBy(stash).map(Number);
}

describe('a task', () => {
  test('is a job with progress that ends when the plugin does', async () => {
    const script = `cat >/dev/null
printf '\\001p\\0020.25\\n' >&2
until [ -e "$1/go" ]; do sleep 0.02; done
`;
    const stash = await startStash([{ script }]);
    const id = await startTask(stash);
    await until(() => stash.jobs.find(1)?.progress === 0.25, 'progress came');
    expect(await findJob(stash, id)).toMatchObject({
      id: '1',
      status: 'RUNNING',
      description: 'Running plugin task: Work',
      progress: 0.25,
      endTime: null,
      error: null,
      subTasks: null,
    });
    go(stash);
    const job = await ended(stash, id);
    expect(job).toMatchObject({ status: 'FINISHED', progress: 0.25, error: null });
    expect(Date.parse(String(fieldOf(job, 'endTime')))).toBeGreaterThan(0);
    expect(await queue(stash)).toBeNull();
  });

  test.each([
    ['7', 1],
    ['-3', 0],
  ])('that reports %s shows %d', async (text, progress) => {
    const script = `cat >/dev/null; printf '\\001p\\002${text}\\n' >&2\n`;
    const stash = await startStash([{ script }]);
    expect(await ended(stash, await startTask(stash))).toMatchObject({ progress });
  });

  test('gets its own arguments, those of its manifest where it has none, sorted', async () => {
    const stash = await startStash([{ script: 'cat > "$1/seen/in"\n' }]);
    await ended(
      stash,
      await startTask(stash, 'task_name: "Work", args_map: {x: 1, a: [1, {b: 2}]}'),
    );
    expect(seenBy(stash)[0]).toContain('"args":{"a":[1,{"b":2}],"mode":"t1","x":1}}');
    await ended(stash, await startTask(stash, 'task_name: "Work", args_map: {mode: "own"}'));
    expect(seenBy(stash)[0]).toContain('"args":{"mode":"own"}}');
    const old = 'args: [{key: "n", value: {i: 5}}, {key: "l", value: {a: [{str: "x"}]}}]';
    await ended(stash, await startTask(stash, old));
    expect(seenBy(stash)[0]).toContain('"args":{"l":["x"],"n":5}}');
  });

  test('is named by its description, else its own name, else the plugin', async () => {
    const stash = await startStash([{}]);
    await startTask(stash, 'task_name: "Work", description: "Described"');
    await startTask(stash, 'task_name: "Work"');
    await startTask(stash, 'description: null');
    const names = stash.jobs.list().map((job) => job.description);
    const prefix = 'Running plugin task: ';
    expect(names).toEqual([`${prefix}Described`, `${prefix}Work`, `${prefix}probe`]);
  });

  test.each([
    ['reports an error', `echo '{"error":"no token"}'`, 'Plugin returned error: no token'],
    ['exits with 3', 'exit 3', 'Plugin returned error: exit status 3'],
    ['kills itself', 'kill -9 $$', 'Plugin returned error: signal: killed'],
  ])('that %s is finished all the same; only the log tells', async (_what, end, text) => {
    const stash = await startStash([{ script: `cat >/dev/null; ${end}\n` }]);
    const job = await ended(stash, await startTask(stash));
    expect(job).toMatchObject({ status: 'FINISHED', error: null });
    expect(stash.log).toMatchObject([{ level: 'error', plugin: null, text }]);
  });

  test.each([
    ['task_name: "Nope"', 'Error creating plugin task: no task with name Nope in plugin Probe'],
    ['task_name: "Work"', 'Error creating plugin task: plugin probe is disabled', true],
  ])('that cannot be made fails: %s', async (args, error, disabled = false) => {
    const stash = await startStash([{}]);
    if (disabled) await stash.graphql('mutation { setPluginsEnabled(enabledMap: {probe: false}) }');
    expect(await ended(stash, await startTask(stash, args))).toMatchObject({
      status: 'FAILED',
      error,
    });
  });

  test('of a plugin that is not there fails', async () => {
    const stash = await startStash();
    expect(await ended(stash, await startTask(stash))).toMatchObject({
      status: 'FAILED',
      error: 'Error creating plugin task: no plugin with ID probe',
    });
  });

  test('whose program is missing fails', async () => {
    const stash = await startStash([
      { manifest: 'exec: [no-such-program]\ntasks: [{name: Work}]\n' },
    ]);
    const job = await ended(stash, await startTask(stash));
    expect(job).toMatchObject({ status: 'FAILED' });
    expect(fieldOf(job, 'error')).toMatch(
      /^Error running plugin task: error running plugin: fork\/exec .*no such file or directory$/,
    );
  });

  test('that is stopped is killed without a word, and its children are not', async () => {
    const script = `trap 'echo got >> "$1/seen/signal"' TERM INT HUP
sleep 60 </dev/null >/dev/null 2>&1 &
echo $! > "$1/seen/child"; echo $$ > "$1/seen/own"
while :; do sleep 0.05 >/dev/null; done
`;
    const stash = await startStash([{ script }]);
    const id = await startTask(stash);
    const [child = 0, own = 0] = await running(stash, 2);
    await stash.graphql('mutation ($id: ID!) { stopJob(job_id: $id) }', { id });
    expect(await ended(stash, id)).toMatchObject({ status: 'CANCELLED', error: null });
    await until(() => !isAlive(own), 'the task is dead');
    expect(isAlive(child)).toBe(true);
    killProcess(child, 'SIGKILL');
    expect(seenBy(stash)).toHaveLength(2);
    await until(() => stash.runs.length === 1, 'its end is recorded');
    expect(stash.runs[0]).toMatchObject({ kind: 'task', signal: 'SIGKILL', cancelled: true });
  });
});

describe('the queue', () => {
  test('runs one job at a time, whatever its kind, in the order of arrival', async () => {
    const stash = await startStash([{ script: waiting, triggers: ['Scene.Create.Post'] }]);
    const first = await startTask(stash);
    await running(stash);
    const second = await startTask(stash);
    const scan = stash.library.scan({ added: [{ path: '/data/new.mp4' }] });
    expect(await queue(stash)).toEqual([
      { id: first, status: 'RUNNING' },
      { id: second, status: 'READY' },
      { id: '3', status: 'READY' },
    ]);
    expect(stash.store.sceneCount).toBe(0);
    go(stash);
    expect(await scan).toEqual([1]);
    expect(stash.runs.map(({ kind }) => kind)).toEqual(['task', 'task', 'hook']);
  });

  test('lets operations and hooks of saves run beside it', async () => {
    const script = `case "$2" in
task) cat >/dev/null; until [ -e "$1/go" ]; do sleep 0.02; done;;
*) cat >/dev/null; echo beside;;
esac
`;
    const stash = await startStash([{ script }]);
    stash.store.addScene();
    const id = await startTask(stash);
    const { data } = await stash.graphql('mutation { runPluginOperation(plugin_id: "probe") }');
    expect(data).toEqual({ runPluginOperation: 'beside\n' });
    await stash.graphql('mutation { sceneUpdate(input: {id: 1}) { id } }');
    expect(stash.hookRuns).toHaveLength(1);
    expect(await findJob(stash, id)).toMatchObject({ status: 'RUNNING' });
    go(stash);
    await ended(stash, id);
  });

  test('forgets a job that was stopped before it began', async () => {
    const stash = await startStash([{ script: waiting }]);
    await startTask(stash);
    await running(stash);
    const id = await startTask(stash);
    await stash.graphql('mutation ($id: ID!) { stopJob(job_id: $id) }', { id });
    expect(await findJob(stash, id)).toMatchObject({
      status: 'CANCELLED',
      startTime: null,
      endTime: null,
    });
    expect(await queue(stash)).toHaveLength(1);
    await stash.graphql('mutation { stopAllJobs }');
    await ended(stash, '1');
    await until(() => stash.runs.length === 1, 'the first is dead');
    expect(stash.stdinSent).toHaveLength(1);
  });

  test('remembers the last ten jobs that ended', async () => {
    const stash = await startStash();
    const jobs = Array.from({ length: 12 }, () => stash.jobs.add('quick', async () => {}));
    await Promise.all(jobs.map((job) => job.ended));
    const found = await Promise.all(jobs.map(({ id }) => findJob(stash, String(id))));
    expect(found.map((job) => job !== null)).toEqual(jobs.map((_job, index) => index >= 2));
  });

  test('stops a scan between two files, and the hook that runs', async () => {
    const stash = await startStash([{ script: waiting, triggers: ['Scene.Create.Post'] }]);
    const scan = stash.library.scan({ added: [{ path: '/data/1.mp4' }, { path: '/data/2.mp4' }] });
    await running(stash);
    stash.jobs.stop(1);
    expect(await scan).toEqual([1]);
    expect(stash.store.sceneCount).toBe(1);
  });

  test('runs the hooks of a scan as many at a time as it has workers', async () => {
    const stash = await startStash([
      {
        script: `cat >/dev/null; : > "$1/seen/$$"
while [ "$(ls "$1/seen" | wc -l)" -lt 4 ]; do sleep 0.02; done
`,
        triggers: ['Scene.Create.Post'],
      },
    ]);
    const added = [1, 2, 3, 4].map((n) => ({ path: `/data/${n}.mp4` }));
    expect(listOf(await stash.library.scan({ added, parallelTasks: 4 }))).toHaveLength(4);
    expect(stash.hookRuns).toHaveLength(4);
  });
});
