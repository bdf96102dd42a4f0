// What sh.cmd starts on Windows, started here: by this Node, and by one that says that it is an old one.
// With a Node that is too old an event is kept, and everything else answers that it is.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { until } from '../helpers/wait.ts';
import { type Ended, makePlace, type Place } from '../cli/support.ts';
import { hookInput } from '../launcher/support/envelope.ts';

const shim = join(import.meta.dirname, '..', '..', 'plugin', 'windows.cjs');

interface Windows extends Place {
  /** As sh.cmd calls it. @param version that Node gives as its own; '' = the true one */
  sh(version: string, args: readonly string[], input: string): Promise<Ended>;
}

function windows(): Windows {
  const place = makePlace();
  const started = join(place.plugin, 'windows.cjs');
  copyFileSync(shim, started);
  return {
    ...place,
    sh: async (version, args, input) => {
      const preload = join(place.root, `node-${version}.cjs`);
      const versions = `{ value: { ...process.versions, node: '${version}' } }`;
      writeFileSync(
        preload,
        version === '' ? '' : `Object.defineProperty(process, 'versions', ${versions});`,
      );
      const command = [process.execPath, '-r', preload, started] as const;
      const called = ['C:\\plugins\\plex-sync\\launch.sh', ...args];
      return await place.call(called, { command, input, env: { PLEXSYNC_LINGER_MS: '0' } });
    },
  };
}

const tooOld =
  /^PlexSync needs Node 22\.16 or later, and .* is (22\.15\.1|18\.20\.4)\. Install a newer/;

describe('with a Node that is too old', () => {
  it.each(['18.20.4', '22.15.1'])(
    'an event is kept, and why nothing is pushed (%s)',
    async (old) => {
      const place = windows();
      const { code, stdout, stderr } = await place.sh(
        old,
        ['hook'],
        hookInput({ dir: place.config }),
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain(
        '\u0001w\u0002The change is kept, and nothing is pushed: PlexSync needs',
      );
      expect(readdirSync(join(place.data, 'spool'))).toHaveLength(1);
      expect(readFileSync(join(place.data, 'no-runtime'), 'utf8')).toMatch(tooOld);
      expect(existsSync(join(place.data, 'supervisor'))).toBe(false);
    },
  );

  it.each([[['task', 'sync-all']], [[]]])('it is what is answered: %j', async (args) => {
    const place = windows();
    const { code, stdout } = await place.sh('18.20.4', args, hookInput({ dir: place.config }));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveProperty('error', expect.stringMatching(tooOld));
  });

  it('the file that says so is one that it can read', () => {
    const code = readFileSync(shim, 'utf8').replace(/^\s*(\/\/|\/\*\*).*$/gm, '');
    expect(
      code.match(/=>|`|\?\.|\?\?|\.\.\.|\*\*|\b(const|let|class|import|async|await)\b/g),
    ).toBeNull();
  });
});

describe('with a Node that is new enough', () => {
  it('an event is kept and a worker started, and nothing is said of Node any more', async () => {
    const place = windows();
    writeFileSync(join(place.data, 'no-runtime'), 'an old one\n');
    const ended = await place.sh('', ['hook'], hookInput({ dir: place.config }));
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const pid = Number(readFileSync(join(place.data, 'supervisor'), 'utf8').split(' ')[0]);
    onTestFinished(() => {
      try {
        killProcess(pid, 'SIGKILL');
      } catch {
        // it has left by itself
      }
    });
    expect(existsSync(join(place.data, 'no-runtime'))).toBe(false);
    await until('it is taken in', () => readdirSync(join(place.data, 'spool')).length === 0);
  });

  it.each(['', '22.16.0', '23.0.0'])(
    'a task does what it does, without a warning (%s)',
    async (version) => {
      const place = windows();
      const { stdout, stderr } = await place.sh(
        version,
        ['task', 'status'],
        hookInput({ dir: place.config }),
      );
      expect(JSON.parse(stdout)).toHaveProperty('output.workerAlive', false);
      expect(stderr).not.toContain('ExperimentalWarning');
    },
  );
});
