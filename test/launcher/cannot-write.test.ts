import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { canUnshare } from './support/namespaces.ts';
import { loggedError, makeSandbox, run } from './support/sandbox.ts';
import { skipLoudly, underEveryShell } from './support/shells.ts';

const nobody = 65_534;
const refusal = /^PlexSync could not keep a change \(Scene\.Update\.Post 4\): cannot write into /;

underEveryShell((shell) => {
  test.each([
    ['the data directory', 'plex-sync'],
    ['the spool', 'plex-sync/spool'],
  ])('a plain file in the place of %s: failure, and one line that says so', async (_, path) => {
    const box = makeSandbox(shell);
    if (path !== 'plex-sync') mkdirSync(box.data);
    writeFileSync(join(box.config, path), '');
    const { code, stdout, stderr, wroteAll } = await box.hook(
      hookInput({ dir: box.config, id: 4 }),
    );
    expect({ code, stdout, wroteAll }).toEqual({ code: 1, stdout: '', wroteAll: true });
    expect(loggedError(stderr)).toMatch(refusal);
  });

  test('a directory that Stash may not write into: failure, and one line that says so', async () => {
    const box = makeSandbox(shell);
    chmodSync(box.root, 0o755);
    chmodSync(box.config, 0o500);
    // Root may write everywhere, so let it be somebody else.
    const asRoot = process.getuid?.() === 0;
    if (asRoot) chownSync(box.config, nobody, nobody);
    const args = [join(box.plugin, 'launch.sh'), 'hook'];
    const input = hookInput({ dir: box.config, id: 4 });
    const who = asRoot ? { uid: nobody } : {};
    const { code, stdout, stderr } = await run(join(box.root, 'bin/sh'), args, input, box.env, who);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(loggedError(stderr)).toMatch(refusal);
  });

  if (canUnshare('--mount')) {
    test('a full disk: failure, and one line that says so', async () => {
      const box = makeSandbox(shell);
      // 4 KB, of which the directories take none and the event takes more. A name without content may stay: it is
      // event enough. The mount is seen by this process tree only, and goes with it.
      const mount = 'mount -t tmpfs -o size=4k tmpfs "$1" && exec "$2" "$3/launch.sh" hook';
      const input = hookInput({ dir: box.config, id: 4, input: { details: 'x'.repeat(6000) } });
      const args = [
        '--mount',
        'sh',
        '-c',
        mount,
        'sh',
        box.config,
        join(box.root, 'bin/sh'),
        box.plugin,
      ];
      const { code, stdout, stderr, wroteAll } = await run('unshare', args, input, box.env);
      expect({ code, stdout, wroteAll }).toEqual({ code: 1, stdout: '', wroteAll: true });
      expect(loggedError(stderr)).toMatch(refusal);
    });
  } else {
    skipLoudly('a full disk', 'no mount namespaces here');
  }
});
