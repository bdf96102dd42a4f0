// Faults of the simulated Stash, its going and coming back, and its life as a process of its own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { type StashProcess, spawnStashSimulator } from '../../simulators/stash/client.ts';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import {
  fieldOf,
  isAlive,
  startStash,
  temporaryDirectory,
  until,
  writePlugin,
} from './stashKit.ts';

const body = JSON.stringify({ query: '{ version { version } }' });

/** Asks from outside: the status and text, or the code of what went wrong. */
async function ask(url: string, timeoutMs = 10_000): Promise<unknown> {
  const agent = new Agent({ headersTimeout: timeoutMs });
  onTestFinished(() => agent.destroy());
  const headers = { 'content-type': 'application/json' };
  try {
    const answer = await request(url, { method: 'POST', body, headers, dispatcher: agent });
    return [answer.statusCode, await answer.body.text()];
  } catch (error) {
    return fieldOf(error, 'code');
  }
}

const fine = [200, '{"data":{"version":{"version":"v0.30.1"}}}'];

describe('a fault', () => {
  test('hangs, cuts off, answers for a proxy, or says that the database is locked', async () => {
    const stash = await startStash();
    const { faults, graphqlUrl } = stash;
    faults.set({ kind: 'hang' });
    expect(await ask(graphqlUrl, 200)).toBe('UND_ERR_HEADERS_TIMEOUT');
    faults.set({ kind: 'cut' });
    expect(await ask(graphqlUrl)).toBe('UND_ERR_SOCKET');
    faults.set({ kind: 'status', status: 502, body: '<html>Bad Gateway' });
    expect(await ask(graphqlUrl)).toEqual([502, '<html>Bad Gateway']);
    faults.set({ kind: 'graphql-error', message: 'database is locked' });
    expect(await ask(graphqlUrl)).toEqual([
      200,
      '{"errors":[{"message":"database is locked"}],"data":null}',
    ]);
    faults.set({ kind: 'delay', delayMs: 1 });
    expect(await ask(graphqlUrl)).toEqual(fine);
    faults.clear();
    expect(await ask(graphqlUrl)).toEqual(fine);
  });

  test('can be over after some requests, and never touches the test itself', async () => {
    const stash = await startStash();
    stash.faults.set({ kind: 'status', status: 500 }, 2);
    expect((await stash.graphql('{ version { version } }')).status).toBe(200);
    expect(await ask(stash.graphqlUrl)).toEqual([500, '']);
    expect(await ask(stash.graphqlUrl)).toEqual([500, '']);
    expect(await ask(stash.graphqlUrl)).toEqual(fine);
    expect(stash.accessLog.map(({ status }) => status)).toEqual([500, 500, 200]);
  });
});

describe('going away', () => {
  const waiting = `cat >/dev/null; echo $$ > "$1/seen/pid"
until [ -e "$1/go" ]; do sleep 0.02; done; : > "$1/seen/done"
`;

  async function taskPid(stash: StashSimulator): Promise<number> {
    await stash.graphql('mutation { runPluginTask(plugin_id: "probe", task_name: "Work") }');
    const path = join(stash.pluginsPath, 'probe', 'seen', 'pid');
    await until(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'the task runs');
    return Number(readFileSync(path, 'utf8'));
  }

  test('refuses connections and lets plugins run; coming back keeps port and library', async () => {
    const stash = await startStash([{ script: waiting }]);
    stash.store.addScene({ title: 'kept' });
    const pid = await taskPid(stash);
    await stash.goAway();
    await stash.goAway();
    expect(await ask(stash.graphqlUrl)).toBe('ECONNREFUSED');
    expect(isAlive(pid)).toBe(true);
    await stash.comeBack();
    expect(await ask(stash.graphqlUrl)).toEqual(fine);
    expect(stash.jobs.list()).toHaveLength(1);
    writeFileSync(join(stash.pluginsPath, 'probe', 'go'), '');
    await until(() => stash.jobs.list().length === 0, 'the task has ended');
  });

  test('for a restart forgets the queue, not the process that ran, and reads plugins again', async () => {
    const stash = await startStash([{ script: waiting }]);
    const pid = await taskPid(stash);
    writePlugin(stash.directory, { id: 'second' });
    await stash.restart();
    expect(stash.jobs.list()).toEqual([]);
    expect(isAlive(pid)).toBe(true);
    const { data } = await stash.graphql('{ plugins { id } }');
    expect(data?.['plugins']).toEqual([{ id: 'probe' }, { id: 'second' }]);
    writeFileSync(join(stash.pluginsPath, 'probe', 'go'), '');
    await until(() => !isAlive(pid), 'the orphan has ended');
    await stash.library.scan({ added: [{ path: '/new.mp4' }] });
    expect(stash.store.sceneCount).toBe(1);
  });
});

describe('as a process of its own', () => {
  async function start(directory: string, stateFile: string): Promise<StashProcess> {
    const stash = await spawnStashSimulator({ directory, stateFile });
    onTestFinished(() => stash.kill('SIGKILL'));
    return stash;
  }

  test('is the parent of its plugins, can be killed, and comes back with its library', async () => {
    const directory = temporaryDirectory();
    const stateFile = join(directory, 'state');
    const folder = writePlugin(directory, {
      script: 'cat >/dev/null; echo "$PPID" >> "$1/seen/parents"\n',
    });
    const first = await start(directory, stateFile);
    const update = 'mutation { sceneUpdate(input: {id: 1, title: "t"}) { id } }';
    expect(await first.call('addScene', { files: [{ path: '/data/1.mp4' }] })).toBe(1);
    expect(await first.call('graphql', update)).toMatchObject({ errors: [] });
    expect(await first.call('hookRuns')).toMatchObject([{ sceneOrEntityId: 1, exitCode: 0 }]);
    await expect(first.call('addScene', { files: 'none' })).rejects.toThrow();
    await expect(first.call('nonsense')).rejects.toThrow('there is no call nonsense');
    await first.call('saveState', stateFile);
    await first.kill('SIGKILL');
    expect(isAlive(first.pid)).toBe(false);
    expect(await ask(first.graphqlUrl)).toBe('ECONNREFUSED');

    const second = await start(directory, stateFile);
    expect(await second.call('scene', 1)).toMatchObject({ title: 't' });
    await second.call('graphql', update);
    const parents = readFileSync(join(folder, 'seen', 'parents'), 'utf8')
      .trim()
      .split('\n');
    expect(parents).toEqual([String(first.pid), String(second.pid)]);
    await second.kill('SIGTERM');
  });

  test('leaves a plugin that runs alone when it is killed', async () => {
    const directory = temporaryDirectory();
    const folder = writePlugin(directory, {
      script: 'cat >/dev/null; echo $$ > "$1/seen/pid"; exec sleep 60\n',
    });
    const stash = await start(directory, join(directory, 'state'));
    await stash.call(
      'graphql',
      'mutation { runPluginTask(plugin_id: "probe", task_name: "Work") }',
    );
    const path = join(folder, 'seen', 'pid');
    await until(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'the task runs');
    const pid = Number(readFileSync(path, 'utf8'));
    await stash.kill('SIGKILL');
    expect(isAlive(pid)).toBe(true);
    killProcess(pid, 'SIGKILL');
  });
});
