// What the simulated Stash does to plugin processes and makes of what they say.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { isAlive, seenBy, startStash, until } from './stashKit.ts';

const runOperation = 'mutation ($a: Map) { runPluginOperation(plugin_id: "probe", args: $a) }';

/** Runs the script as an operation: its output, or the message of its error. */
async function outputOf(script: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const stash = await startStash([{ script }]);
  const { data, errors } = await stash.graphql(runOperation, { a: args });
  return errors.length > 0 ? { error: errors[0]?.['message'] } : data?.['runPluginOperation'];
}

/** What Stash logged of the plugin that runs this script. */
async function logOf(script: string, manifest?: string): Promise<unknown[]> {
  const stash = await startStash([manifest === undefined ? { script } : { script, manifest }]);
  await stash.graphql(runOperation);
  return stash.log.map(({ level, plugin, text }) => [level, plugin, text]);
}

describe('stdin', () => {
  test('is written as Go writes JSON: compact, sorted arguments, escaped for HTML', async () => {
    const stash = await startStash([{ script: 'cat > "$1/seen/00000.json"\n' }]);
    const odd = '<&>\u2028\u2029\u0001\b\f\u007f"\\é\ud800';
    const args = { z: 1.5, b: odd, a: { 10: 1, 9: null } };
    await stash.graphql(runOperation, { a: args });
    const text = seenBy(stash)[0] ?? '';
    expect(text.slice(text.indexOf('"args"'))).toBe(
      '"args":{"a":{"10":1,"9":null},' +
        '"b":"\\u003c\\u0026\\u003e\\u2028\\u2029\\u0001\\b\\f\u007f\\"\\\\é\ufffd","z":1.5}}',
    );
    expect(
      text.startsWith('{"server_connection":{"Scheme":"http","Host":"127.0.0.1","Port":'),
    ).toBe(true);
  });

  test('is a pipe that can be opened again by its name', async () => {
    expect(await outputOf('cat /dev/stdin >/dev/null && test -p /dev/stdin && echo pipe\n')).toBe(
      'pipe\n',
    );
  });

  test('may be as long as it likes', async () => {
    const cover = 'A'.repeat(7_000_000);
    expect(Number(await outputOf('wc -c\n', { cover }))).toBeGreaterThan(7_000_000);
  });

  test('that is not read to its end is a warning in the log, and nothing else', async () => {
    const stash = await startStash([{ script: 'head -c 10 >/dev/null\n' }]);
    const { errors } = await stash.graphql(runOperation, { a: { cover: 'A'.repeat(1_000_000) } });
    expect(errors).toEqual([]);
    expect(stash.log.map(({ level }) => level)).toEqual(['warning']);
    expect(stash.log[0]?.text).toMatch(/^error writing input to plugins stdin \(wrote \d+ bytes/);
  });
});

describe('stdout', () => {
  test.each([
    ['one JSON document: its output', '{"output":{"b":1,"a":[1,2]}}', { a: [1, 2], b: 1 }],
    ['the same with space around it', ' {"output":5}\\n\\n', 5],
    ['JSON without an output', '{"foo":1}', null],
    ['null', 'null', null],
    ['nothing', '', ''],
    ['text', 'hello\\n', 'hello\n'],
    ['two documents', '{"output":1}\\n{"output":2}\\n', '{"output":1}\n{"output":2}\n'],
    ['a list', '[1,2]', '[1,2]'],
    ['an error', '{"error":"no token","output":1}', { error: 'no token' }],
    ['an error in another case', '{"Error":"big"}', { error: 'big' }],
    ['an error that is no text', '{"error":5,"output":7}', { error: '' }],
  ])('with %s', async (_what, text, expected) => {
    expect(await outputOf(`cat >/dev/null; printf '${text}'\n`)).toEqual(expected);
  });

  test.each([
    ['exit 3', '{"output":1}', { error: 'exit status 3' }],
    ['exit 3', '{"error":"own"}', { error: 'own' }],
    ['kill -9 $$', '', { error: 'signal: killed' }],
  ])('before "%s": %s', async (end, text, expected) => {
    expect(await outputOf(`cat >/dev/null; printf '${text}'; ${end}\n`)).toEqual(expected);
  });

  test('holds Stash up until everybody who inherited it has closed it', async () => {
    const script = '( sleep 0.5; printf \'"late"}\' ) & printf \'{"output":\'\n';
    expect(await outputOf(script)).toBe('late');
  });

  test('is not waited for when a background process has let go of it', async () => {
    const stash = await startStash([{ script: 'sleep 60 </dev/null >/dev/null 2>&1 & echo $!\n' }]);
    const { data } = await stash.graphql(runOperation);
    const pid = Number(data?.['runPluginOperation']);
    expect(isAlive(pid)).toBe(true);
    killProcess(pid, 'SIGKILL');
  });
});

describe('stderr', () => {
  test('is a log with levels', async () => {
    const levels = ['t', 'd', 'i', 'w', 'e'].map(
      (letter) => `\\001${letter}\\002  of ${letter} \\n`,
    );
    expect(await logOf(`cat >/dev/null; printf '${levels.join('')}' >&2\n`)).toEqual([
      ['trace', 'Probe', 'of t'],
      ['debug', 'Probe', 'of d'],
      ['info', 'Probe', 'of i'],
      ['warning', 'Probe', 'of w'],
      ['error', 'Probe', 'of e'],
    ]);
  });

  test.each([
    ['a line without a prefix', 'plain', [['error', 'Probe', 'plain']]],
    ['a prefix with nothing after it', '\\001i\\002', [['error', 'Probe', '\u0001i\u0002']]],
    ['an unknown level', '\\001x\\002text', [['error', 'Probe', '\u0001x\u0002text']]],
    ['an empty line', '\\n', []],
    ['a line that ends in CR LF', 'text\\r\\n', [['error', 'Probe', 'text']]],
    ['no end of line', '\\001i\\002last', [['info', 'Probe', 'last']]],
    [
      'progress that is no number',
      '\\001p\\002half',
      [
        [
          'error',
          null,
          `Error parsing progress value 'half': strconv.ParseFloat: parsing "half": invalid syntax`,
        ],
      ],
    ],
  ])('takes %s as Stash does', async (_what, text, expected) => {
    expect(await logOf(`cat >/dev/null; printf '${text}' >&2\n`)).toEqual(expected);
  });

  test.each([
    ['info', [['info', 'Quiet', 'plain']]],
    ['none', []],
    ['nonsense', [['error', 'Quiet', 'plain']]],
  ])('goes to the level that the manifest names: %s', async (errLog, expected) => {
    const manifest = `name: Quiet\nerrLog: ${errLog}\nexec: [sh, "{pluginDir}/run.sh"]\n`;
    expect(await logOf('cat >/dev/null; echo plain >&2\n', manifest)).toEqual(expected);
  });

  test('takes a line of 65,535 bytes', async () => {
    const line = `head -c 65535 /dev/zero | tr '\\0' a >&2; printf '\\nafter\\n' >&2`;
    const log = await logOf(`cat >/dev/null; ${line}\n`);
    expect(log.map((entry) => (Array.isArray(entry) ? String(entry[2]).length : 0))).toEqual([
      65535, 5,
    ]);
  });

  test('is closed for good at a line of 64 KiB, and who writes on dies of it', async () => {
    const stash = await startStash([
      {
        script: `cat >/dev/null
printf '\\001i\\002before\\n' >&2
head -c 65536 /dev/zero | tr '\\0' a >&2
n=0; while [ $n -lt 100000 ]; do printf 'after\\n' >&2; n=$((n+1)); done
`,
      },
    ]);
    const { errors } = await stash.graphql(runOperation);
    expect(errors[0]?.['message']).toBe('signal: broken pipe');
    expect(stash.log.map(({ text }) => text)).toEqual(['before']);
  });

  test('is closed when the plugin has ended, whoever still holds it', async () => {
    const stash = await startStash([
      {
        script: `cat >/dev/null
( trap '' PIPE; while [ ! -e "$1/go" ]; do sleep 0.02; done; echo late >&2 || echo closed > "$1/seen/1" ) >/dev/null &
`,
      },
    ]);
    await stash.graphql(runOperation);
    writeFileSync(join(stash.pluginsPath, 'probe', 'go'), '');
    await until(() => seenBy(stash).length === 1, 'the grandchild found its stderr closed');
    expect(stash.log.map(({ text }) => text)).not.toContain('late');
  });

  test('loses its last lines when the reader of Stash is slow', async () => {
    const script = `cat >/dev/null
printf '\\001i\\002first\\n' >&2; sleep 1; printf '\\001i\\002last\\n' >&2
`;
    const slow = await startStash([{ script }], { logDelayMs: 500 });
    await slow.graphql(runOperation);
    expect(slow.log.map(({ text }) => text)).toEqual(['first']);
    const quick = await startStash([{ script }]);
    await quick.graphql(runOperation);
    expect(quick.log.map(({ text }) => text)).toEqual(['first', 'last']);
  });
});

describe('hooks', () => {
  const slowHook = `cat >/dev/null
echo "start $$" >> "$1/seen/trace"; sleep 0.2; echo "end $$" >> "$1/seen/trace"
`;

  function trace(stash: StashSimulator): string[] {
    return (seenBy(stash)[0] ?? '').split('\n').filter(Boolean);
  }

  test('of a bulk edit run one after the other, and the answer comes after the last', async () => {
    const stash = await startStash([{ script: slowHook }]);
    for (let id = 1; id <= 4; id += 1) stash.store.addScene();
    const { data } = await stash.graphql(
      'mutation { bulkSceneUpdate(input: {ids: [1, 2, 3, 4], title: "t"}) { id title } }',
    );
    expect(data?.['bulkSceneUpdate']).toHaveLength(4);
    expect(trace(stash).map((line) => line.split(' ')[0])).toEqual(
      Array.from({ length: 4 }, () => ['start', 'end']).flat(),
    );
    expect(stash.hookRuns.map((run) => [run.type, run.sceneOrEntityId, run.exitCode])).toEqual(
      [1, 2, 3, 4].map((id) => ['Scene.Update.Post', id, 0]),
    );
  });

  test('of requests at the same time run at the same time', async () => {
    const stash = await startStash([
      {
        // Each waits until all of them run.
        script: `cat >/dev/null; : > "$1/seen/$$"
while [ "$(ls "$1/seen" | wc -l)" -lt 8 ]; do sleep 0.02; done
`,
      },
    ]);
    for (let id = 1; id <= 8; id += 1) stash.store.addScene();
    await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((id) =>
        stash.graphql('mutation ($id: ID!) { sceneUpdate(input: {id: $id}) { id } }', { id }),
      ),
    );
    expect(stash.hookRuns).toHaveLength(8);
  });

  test('that fail are logged and never seen by who saved', async () => {
    const stash = await startStash([{ script: 'cat >/dev/null; exit 1\n' }]);
    stash.store.addScene();
    const { data, errors } = await stash.graphql('mutation { sceneUpdate(input: {id: 1}) { id } }');
    expect([data, errors]).toEqual([{ sceneUpdate: { id: '1' } }, []]);
    expect(stash.log).toMatchObject([
      { level: 'error', text: 'Scene.Update.Post [Probe]: returned error: exit status 1' },
    ]);
  });

  test('end with the connection: the running one is killed, the others never start', async () => {
    const stash = await startStash([
      { script: 'cat >/dev/null; echo $$ > "$1/seen/pid"; exec sleep 60\n' },
    ]);
    for (let id = 1; id <= 3; id += 1) stash.store.addScene();
    const controller = new AbortController();
    const save = stash.graphql(
      'mutation { bulkSceneUpdate(input: {ids: [1, 2, 3], title: "saved"}) { id } }',
      {},
      undefined,
      controller.signal,
    );
    await until(() => /\d\n/.test(seenBy(stash)[0] ?? ''), 'the hook runs');
    const pid = Number(seenBy(stash)[0]);
    controller.abort();
    await expect(save).rejects.toThrow();
    await until(() => !isAlive(pid), 'the hook is dead');
    await until(() => stash.hookRuns.length === 1, 'its end is recorded');
    expect(stash.hookRuns[0]).toMatchObject({ signal: 'SIGKILL', cancelled: true });
    expect(stash.log.at(-1)?.text).toBe('error executing post hooks: operation cancelled');
    expect(stash.store.scene(3)?.title).toBe('saved');
  });

  test('of groups fire under their old name too', async () => {
    const stash = await startStash([{ triggers: ['Movie.Update.Post', 'Group.Update.Post'] }]);
    stash.store.addGroup({ name: 'G' });
    await stash.graphql('mutation { groupUpdate(input: {id: 1, name: "H"}) { id } }');
    expect(stash.hookRuns.map(({ type }) => type)).toEqual([
      'Group.Update.Post',
      'Movie.Update.Post',
    ]);
  });
});

describe('an operation', () => {
  test('is killed when the client goes', async () => {
    const stash = await startStash([{ script: 'echo $$ > "$1/seen/pid"; exec sleep 60\n' }]);
    const controller = new AbortController();
    const running = stash.graphql(runOperation, {}, undefined, controller.signal);
    await until(() => /\d\n/.test(seenBy(stash)[0] ?? ''), 'the operation runs');
    controller.abort();
    await expect(running).rejects.toThrow();
    await until(() => !isAlive(Number(seenBy(stash)[0])), 'the operation is dead');
  });

  test('is killed alone: its children live on', async () => {
    const script = 'sleep 60 </dev/null >/dev/null 2>&1 & echo $! > "$1/seen/pid"; wait\n';
    const stash = await startStash([{ script }]);
    const controller = new AbortController();
    const running = stash.graphql(runOperation, {}, undefined, controller.signal);
    await until(() => /\d\n/.test(seenBy(stash)[0] ?? ''), 'the operation runs');
    controller.abort();
    await expect(running).rejects.toThrow();
    await until(() => stash.runs.length === 1, 'the operation is dead');
    const child = Number(seenBy(stash)[0]);
    expect(isAlive(child)).toBe(true);
    killProcess(child, 'SIGKILL');
  });
});
