// Which plugins the simulated Stash loads, and how it finds what they run.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../simulators/stash/plugins/manifest.ts';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import {
  fieldOf,
  listOf,
  seenBy,
  startStash,
  temporaryDirectory,
  writePlugin,
} from './stashKit.ts';

const runOperation = 'mutation ($a: Map) { runPluginOperation(plugin_id: "probe", args: $a) }';
const update = 'mutation { sceneUpdate(input: {id: 1, title: "t"}) { id } }';

async function operation(
  stash: StashSimulator,
  args: Record<string, unknown> = {},
): Promise<unknown> {
  const { data, errors } = await stash.graphql(runOperation, { a: args });
  return errors[0]?.['message'] ?? data?.['runPluginOperation'];
}

describe('a manifest', () => {
  test('with everything that Stash knows is loaded and shown', async () => {
    const manifest = `name: Everything
description: All keys
url: https://example.org
version: 0.10
interface: raw
errLog: info
exec:
  - sh
  - "{pluginDir}/run.sh"
tasks:
  - name: Work
    description: Does it
    defaultArgs: { count: 5, on: true }
    execArgs: [task]
hooks:
  - name: h
    description: d
    triggeredBy: [Scene.Update.Post, Not.A.Hook]
    execArgs: [hook]
    defaultArgs: {}
ui:
  requires: [other]
  csp: { script-src: [a], style-src: [b], connect-src: [c] }
  javascript: [a.js, "https://example.org/b.js"]
  css: [a.css]
  assets: { /: assets }
settings:
  zz: { type: NUMBER, displayName: Last, description: d }
  aa: { displayName: First }
`;
    const stash = await startStash([{ manifest }]);
    const { data } = await stash.graphql(`{
      plugins {
        id name description url version enabled requires
        tasks { name description } hooks { name description hooks }
        settings { name display_name description type } paths { javascript css }
      }
    }`);
    expect(fieldOf(data, 'plugins')).toEqual([
      {
        id: 'probe',
        name: 'Everything',
        description: 'All keys',
        url: 'https://example.org',
        version: '0.10',
        enabled: true,
        requires: ['other'],
        tasks: [{ name: 'Work', description: 'Does it' }],
        hooks: [{ name: 'h', description: 'd', hooks: ['Scene.Update.Post', 'Not.A.Hook'] }],
        settings: [
          { name: 'aa', display_name: 'First', description: '', type: 'STRING' },
          { name: 'zz', display_name: 'Last', description: 'd', type: 'NUMBER' },
        ],
        paths: {
          javascript: ['https://example.org/b.js', `${stash.url}/plugin/probe/javascript`],
          css: [`${stash.url}/plugin/probe/css`],
        },
      },
    ]);
  });

  test.each([
    ['an unknown key', 'name: P\nauthor: me\n', 'field author not found in type plugin.Config'],
    ['an unknown key of a task', 'tasks: [{name: a, args: 1}]', 'field args not found'],
    ['a default for a setting', 'settings: {a: {default: 1}}', 'field default not found'],
    ['a command that is no list', 'exec: sh run.sh\n', 'cannot unmarshal into a list'],
    ['the same key twice', 'name: a\nname: b\n', 'Map keys must be unique'],
    ['a setting of an unknown type', 'settings: {a: {type: SECRET}}', 'invalid type SECRET'],
    ['an unknown interface', 'interface: grpc', 'invalid interface type grpc'],
    ['nothing in it', '', 'EOF'],
  ])('with %s is refused', async (_what, text, reason) => {
    expect(() => parseManifest(text)).toThrow(reason);
    const stash = await startStash([{ manifest: text }, { id: 'good' }]);
    const { data } = await stash.graphql('{ plugins { id } }');
    expect(data?.['plugins']).toEqual([{ id: 'good' }]);
    expect(stash.log).toMatchObject([{ level: 'error', plugin: null }]);
    expect(stash.log[0]?.text).toContain('Error loading plugin');
  });

  test('is found in any folder below the plugins, through links too, once per id', async () => {
    const directory = temporaryDirectory();
    const deep = join(directory, 'plugins', 'community', 'deep');
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'deep.yml'), 'name: Deep\n');
    writeFileSync(join(deep, 'notes.yaml'), 'name: Not this one\n');
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'linked.yml'), 'name: Linked\n');
    writeFileSync(join(elsewhere, 'DEEP.yml'), 'name: Again\n');
    symlinkSync(elsewhere, join(directory, 'plugins', 'link'));
    const stash = await startStash([], { directory });
    const { data } = await stash.graphql('{ plugins { id } }');
    expect(data?.['plugins']).toEqual([{ id: 'deep' }, { id: 'linked' }]);
    expect(stash.log[0]?.text).toContain('plugin ID DEEP already exists');
  });

  test('that came later is there after a reload', async () => {
    const stash = await startStash();
    expect((await stash.graphql('{ plugins { id } }')).data).toEqual({ plugins: null });
    writePlugin(stash.directory, {});
    await stash.graphql('mutation { reloadPlugins }');
    expect((await stash.graphql('{ plugins { id } }')).data).toEqual({
      plugins: [{ id: 'probe' }],
    });
  });
});

describe('a plugin', () => {
  const tellArguments = 'cat >/dev/null; shift; printf \'{"output":"%s"}\' "$*"\n';

  test('learns by its arguments whether it is a hook, a task or an operation', async () => {
    const script = 'cat >/dev/null; shift; printf "\\001i\\002[%s]\\n" "$*" >&2\n';
    const stash = await startStash([{ script }]);
    stash.store.addScene();
    await stash.graphql(update);
    await operation(stash);
    const { id } = stash.jobs.add('before', async () => {});
    expect(id).toBe(1);
    await stash.graphql('mutation { runPluginTask(plugin_id: "probe", task_name: "Work") }');
    await expect.poll(() => stash.jobs.list().length).toBe(0);
    const texts = stash.log.filter(({ plugin }) => plugin === 'Probe').map(({ text }) => text);
    expect(texts).toEqual(['[hook]', '[]', '[task work]']);
  });

  test('is run by the program on the PATH, under the name that the manifest says', async () => {
    const script = `printf '{"output":"%s"}' "$(tr '\\0' ' ' < /proc/$$/cmdline)"\n`;
    const stash = await startStash([{ script }]);
    const folder = join(stash.pluginsPath, 'probe');
    expect(await operation(stash)).toBe(`sh ${folder}/run.sh ${folder} `);
  });

  test('brings its own program where there is none on the PATH', async () => {
    const manifest = 'exec: [no-such-program, "{pluginDir}/x"]\n';
    const stash = await startStash([{ manifest }]);
    const folder = join(stash.pluginsPath, 'probe');
    const program = join(folder, 'no-such-program');
    expect(await operation(stash)).toBe(
      `error running plugin: fork/exec ${program}: no such file or directory`,
    );
    writeFileSync(program, '#!/bin/sh\necho "own $1"\n');
    expect(await operation(stash)).toContain('permission denied');
    chmodSync(program, 0o755);
    expect(await operation(stash)).toBe(`own ${folder}/x\n`);
    writeFileSync(program, 'echo no interpreter named\n');
    expect(await operation(stash)).toContain('exec format error');
  });

  test('is found by the PATH of the environment that Stash was started with', async () => {
    const manifest = 'exec: [sh, "{pluginDir}/run.sh"]\n';
    const script = 'echo "$GREETING $PATH"\n';
    const empty = temporaryDirectory();
    const stash = await startStash([{ manifest, script }], {
      env: { PATH: empty, GREETING: 'hello' },
    });
    const program = join(stash.pluginsPath, 'probe', 'sh');
    expect(await operation(stash)).toContain(`${program}: no such file or directory`);
    writeFileSync(program, '#!/bin/sh\nexec /bin/sh "$@"\n', { mode: 0o755 });
    expect(await operation(stash)).toBe(`hello ${empty}\n`);
  });

  test('may be told its folder relative to the working directory of Stash', async () => {
    const script = 'cat > "$1/seen/00000.json"; printf \'{"output":"%s"}\' "$1"\n';
    const stash = await startStash([{ script }], { relativePluginDir: true });
    const folder = join(relative(process.cwd(), stash.pluginsPath), 'probe');
    expect(folder.startsWith('/')).toBe(false);
    expect(await operation(stash)).toBe(folder);
    const stdin: unknown = JSON.parse(seenBy(stash)[0] ?? '');
    expect(fieldOf(stdin, 'server_connection', 'PluginDir')).toBe(folder);
    expect(fieldOf(stdin, 'server_connection', 'Dir')).toBe(stash.directory);
  });

  test('that is disabled gets no hooks and runs nothing', async () => {
    const stash = await startStash([{ script: tellArguments }]);
    stash.store.addScene();
    await stash.graphql('mutation { setPluginsEnabled(enabledMap: {probe: false}) }');
    const { data } = await stash.graphql('{ plugins { id enabled } }');
    expect(data?.['plugins']).toEqual([{ id: 'probe', enabled: false }]);
    await stash.graphql(update);
    expect(stash.hookRuns).toEqual([]);
    expect(await operation(stash)).toBe('plugin probe is disabled');
    await stash.graphql('mutation { setPluginsEnabled(enabledMap: {probe: true}) }');
    await stash.graphql(update);
    expect(stash.hookRuns).toHaveLength(1);
  });

  test('that cannot be started keeps later plugins from their hooks, and the save succeeds', async () => {
    const broken = `exec: [no-such-program]
hooks: [{name: h, triggeredBy: [Scene.Update.Post]}]
`;
    const stash = await startStash([{ id: 'a-broken', manifest: broken }, { id: 'b-good' }]);
    stash.store.addScene();
    const { data, errors } = await stash.graphql(update);
    expect({ data, errors }).toEqual({ data: { sceneUpdate: { id: '1' } }, errors: [] });
    expect(stash.hookRuns).toEqual([]);
    expect(stash.log.at(-1)?.text).toMatch(/^error executing post hooks: error running plugin/);
  });

  test('whose id is unknown makes Stash stumble as it does', async () => {
    const stash = await startStash();
    expect(await operation(stash)).toBe(
      'Internal system error. Error <runtime error: invalid memory address or nil pointer dereference>',
    );
  });

  test('gets the cookie, address and folder of this Stash', async () => {
    const script = 'cat > "$1/seen/00000.json"\n';
    const stash = await startStash([{ script }], { host: '0.0.0.0' });
    await operation(stash);
    const stdin: unknown = JSON.parse(seenBy(stash)[0] ?? '');
    expect(fieldOf(stdin, 'server_connection')).toMatchObject({
      Scheme: 'http',
      Host: '0.0.0.0',
      Port: stash.port,
      Dir: stash.directory,
    });
    const cookie = String(fieldOf(stdin, 'server_connection', 'SessionCookie', 'Value'));
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).toMatch(/^\d{10}\|/);
    const { data } = await stash.graphql(
      '{ version { version } }',
      {},
      { cookie: `session=${cookie}` },
    );
    expect(fieldOf(data, 'version', 'version')).toBe('v0.30.1');
    expect(listOf(stash.stdinSent)).toHaveLength(1);
  });
});
