// Windows with an `sh.exe` on the PATH (Git for Windows): Stash runs launch.sh in it, with paths in which the launcher
// could find nothing. What can be shown elsewhere: what Node is called with, and what happens where there is none.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { loggedError, makeSandbox, run, type Ended, type Sandbox } from './support/sandbox.ts';
import { type Shell, underEveryShell } from './support/shells.ts';

const folder = 'C:\\Users\\John Smith\\.stash\\plugins\\plex-sync';

underEveryShell((shell) => {
  test.each([
    ['a hook', ['hook'], hookInput({ dir: 'C:\\Users\\John Smith\\.stash' })],
    ['a task', ['task', 'Sync "all" & more'], '{}'],
    ['an operation', [], `{"a": "\\u0026"}${'x'.repeat(100_000)}\n\n`],
  ])('%s becomes Node, which does what sh.cmd has it do', async (_, args, input) => {
    const box = onWindows(shell);
    const ended = await launch(box, args, input);
    expect(ended).toMatchObject({ code: 7, stderr: '', wroteAll: true });
    const given = [
      // It looks first whether this Node is new enough, and keeps a hook's event if not.
      `${folder}/windows.cjs`,
      `${folder}\\launch.sh`,
      ...args,
    ];
    expect(ended.stdout).toBe(`${given.join('\n')}\n${input}`);
    expect(readdirSync(join(box.root, 'cwd'))).toEqual([`${folder}\\launch.sh`]);
  });

  test('a Node on the PATH will do, and one in Program Files', async () => {
    const box = onWindows(shell);
    delete box.env['PLEXSYNC_NODE'];
    const folders = [join(box.root, 'Program Files', 'nodejs'), join(box.root, 'bin')];
    mkdirSync(folders[0] ?? '', { recursive: true });
    box.env['PROGRAMFILES'] = join(box.root, 'Program Files');
    box.env['PATH'] = `${box.root}/bin:${box.root}/tools`;
    cpSync(join(box.root, 'node'), join(folders[0] ?? '', 'node.exe'));
    expect(await launch(box, ['hook'], 'x')).toMatchObject({ code: 7, stderr: '' });
    cpSync(join(box.root, 'node'), join(folders[1] ?? '', 'node'));
    expect(await launch(box, ['hook'], 'x')).toMatchObject({ code: 7, stderr: '' });
  });

  test.each([['hook'], ['task', 'x'], []])(
    'without a Node: failure, and the reason',
    async (...args) => {
      const box = onWindows(shell);
      delete box.env['PLEXSYNC_NODE'];
      box.env['PATH'] = `${box.root}/bin:${box.root}/tools`;
      const { code, stdout, stderr, wroteAll } = await launch(box, args, 'x'.repeat(300_000));
      expect({ code, wroteAll }).toEqual({ code: 1, wroteAll: true });
      if (args[0] === 'hook') {
        expect(stdout).toBe('');
        expect(loggedError(stderr)).toMatch(/could not keep a change: .*needs Node 22\.16/);
      } else {
        const needs = /^PlexSync needs Node 22\.16 or later: none in/;
        const answer: unknown = JSON.parse(stdout);
        expect(answer).toHaveProperty('error', expect.stringMatching(needs));
        expect(stderr).toBe('');
      }
    },
  );

  test('nowhere else is the hook any different for it', async () => {
    const box = makeSandbox(shell);
    for (const system of ['', 'Linux', 'windows']) {
      box.env['OS'] = system;
      const ended = await box.hook(hookInput({ dir: box.config }));
      expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
    }
    expect(box.spool()).toHaveLength(3);
  });
});

/** The launcher lies where its path of Windows is a file name of this system. */
function onWindows(shell: Shell): Sandbox {
  const box = makeSandbox(shell);
  box.env['OS'] = 'Windows_NT';
  mkdirSync(join(box.root, 'cwd'));
  mkdirSync(join(box.root, 'tools'));
  for (const name of ['cat', 'printf']) {
    const path = ['/bin', '/usr/bin'].map((at) => join(at, name)).find((at) => existsSync(at));
    writeFileSync(join(box.root, 'tools', name), `#!/bin/sh\nexec ${path} "$@"\n`);
    chmodSync(join(box.root, 'tools', name), 0o755);
  }
  cpSync(join(box.plugin, 'launch.sh'), join(box.root, 'cwd', `${folder}\\launch.sh`));
  const node = `#!/bin/sh\nprintf '%s\\n' "$@"\n/bin/cat\nexit 7\n`;
  writeFileSync(join(box.root, 'node'), node);
  return box;
}

function launch(box: Sandbox, args: readonly string[], input: string): Promise<Ended> {
  const cwd = join(box.root, 'cwd');
  return run(join(box.root, 'bin/sh'), [`${folder}\\launch.sh`, ...args], input, box.env, { cwd });
}
