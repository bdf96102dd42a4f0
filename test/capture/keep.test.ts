// Capture for systems without a shell: the same files as the launcher's script makes, and the shapes in
// which Windows gives paths, errors and standard input. (Tried here, on this system; Windows itself is
// not: docs/platforms.md.)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { dataDirectoryFor, fileType, keepEvent, keptBytes } from '../../src/capture/keep.ts';
import { type Read, readFirst } from '../../src/capture/stdin.ts';
import { wanted } from '../../src/sync/process/launch.ts';
import { replaceFile, startOnWindows } from '../../src/sync/process/supervisorFile.ts';
import { until } from '../helpers/wait.ts';
import { makePlace } from '../cli/support.ts';
import { goJson, hookInput, realSamples } from '../launcher/support/envelope.ts';

const launcher = join(import.meta.dirname, '..', '..', 'plugin', 'launch.sh');

interface Box {
  readonly config: string;
  readonly plugin: string;
  readonly spool: string;
}

function box(): Box {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-capture-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const config = join(root, 'config <&> \\ "x"');
  const plugin = join(root, 'plugin');
  for (const folder of [config, plugin]) mkdirSync(folder);
  return { config, plugin, spool: join(config, 'plex-sync', 'spool') };
}

function failing(...codes: readonly string[]): () => void {
  const left = [...codes];
  return () => {
    const code = left.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  };
}

describe('an event kept without a shell', () => {
  const inputs = (dir: string): readonly string[] => [
    hookInput({ dir }),
    hookInput({ dir, id: 0, type: 'Tag.Destroy.Post', input: [1, 2] }),
    hookInput({ dir, id: 12, type: 'Scene.Update.Post', input: { id: '12', title: 'é\n"\u2028' } }),
    hookInput({ dir, type: '../../etc', id: 3 }),
    hookInput({ dir, id: 7, input: { cover: 'x'.repeat(100_000) } }),
    hookInput({ dir, cookie: null }),
  ];

  it('is the same file as the launcher’s script makes, in the same place', () => {
    for (const [index] of inputs('').entries()) {
      // A place of its own for each: the launcher keeps less where a worker found no Node.
      const { config, plugin, spool } = box();
      const input = inputs(config)[index] ?? '';
      spawnSync('sh', [launcher, 'hook'], {
        input,
        // Nothing is to be started: that has its own tests.
        env: { PATH: '/usr/bin:/bin', PLEXSYNC_NODE: '/nowhere', PLEXSYNC_FETCH_NODE: 'never' },
      });
      const [byShell = ''] = readdirSync(spool);
      const shellFile = readFileSync(join(spool, byShell));
      const shellMode = statSync(join(spool, byShell)).mode;
      rmSync(join(spool, byShell));
      const parent = { pid: 41, start: '99' };
      const kept = keepEvent(Buffer.from(input).subarray(0, keptBytes), {
        parent,
        pid: 42,
        pluginFolder: plugin,
      });
      expect(kept.dataDirectory).toBe(join(config, 'plex-sync'));
      const [name = ''] = readdirSync(spool);
      // All but the pids and the start time of Stash.
      expect(name.replace(/-41\.99-42-0$/, '')).toBe(byShell.replace(/-\d+\.\d+-\d+-0$/, ''));
      expect(name).toMatch(/-41\.99-42-0$/);
      expect(readFileSync(kept.file).equals(shellFile)).toBe(true);
      expect(statSync(kept.file).mode).toBe(shellMode);
      rmSync(kept.file);
    }
  });

  it('of every kind that a real Stash sends has its type and id in its name', () => {
    const samples = realSamples();
    if (samples === undefined) {
      console.warn('NOT SHOWN: events of a real Stash (no recordings)');
      return;
    }
    const { plugin, config } = box();
    for (const [index, sample] of samples.entries()) {
      const writer = { parent: { pid: 1, start: '' }, pid: index, pluginFolder: plugin };
      const text = goJson(sample).replaceAll(/"Dir":"[^"]*"/g, `"Dir":${goJson(config)}`);
      const { file } = keepEvent(Buffer.from(text), writer);
      const type = /"type":"([^"]+)"/.exec(text)?.[1];
      if (text.includes('hookContext')) expect(file).toContain(`${type}-`);
      expect(file.endsWith(`-1.0-${index}-0`)).toBe(true);
    }
  });

  it('never takes the place of another', () => {
    const { config, plugin } = box();
    const writer = { parent: { pid: 1, start: '2' }, pid: 3, pluginFolder: plugin };
    const event = Buffer.from(hookInput({ dir: config }));
    const files = [1, 2, 3].map(() => keepEvent(event, writer).file);
    expect(files.map((file) => file.slice(-2))).toEqual(['-0', '-1', '-2']);
    expect(() => keepEvent(Buffer.alloc(0), writer)).toThrow(/nothing came/);
  });

  it.each([
    ['C:\\Users\\Ann\\.stash', win32, 'C:\\Users\\Ann\\.stash\\plex-sync'],
    ['\\\\nas\\stash', win32, '\\\\nas\\stash\\plex-sync'],
    ['D:/stash', win32, 'D:\\stash\\plex-sync'],
    ['stash', win32, 'X:\\plugin\\data'],
    ['', win32, 'X:\\plugin\\data'],
    ['/home/ann/.stash', posix, '/home/ann/.stash/plex-sync'],
    ['./stash', posix, '/plugin/data'],
  ])('goes to the data directory beside the configuration: %s', (dir, path, data) => {
    const plugin = path === win32 ? 'X:\\plugin' : '/plugin';
    expect(dataDirectoryFor(dir, plugin, () => true, path)).toBe(data);
    expect(dataDirectoryFor(dir, plugin, () => false, path)).toBe(path.join(plugin, 'data'));
  });

  it.each([
    ['Scene.Update.Post', 'Scene.Update.Post'],
    ['..', 'unknown'],
    ['.hidden', 'unknown'],
    ['a\\b', 'unknown'],
    ['CON:', 'unknown'],
    ['', 'unknown'],
    ['A'.repeat(64), 'unknown'],
  ])('has a type that can stand in a file name: %s', (type, named) => {
    expect(fileType(type)).toBe(named);
  });
});

describe('standard input', () => {
  const stream = (...pieces: readonly (string | { readonly code: string })[]): Read => {
    const left = [...pieces];
    return (into) => {
      const piece = left.shift();
      if (piece === undefined) return 0;
      if (typeof piece === 'string') return Buffer.from(piece).copy(into);
      throw Object.assign(new Error(piece.code), { code: piece.code });
    };
  };

  it.each([
    ['comes in pieces', stream('ab', 'c', 'def'), 'abcd'],
    [
      'does not block, and has nothing yet',
      stream({ code: 'EAGAIN' }, 'ab', { code: 'EAGAIN' }, 'c'),
      'abc',
    ],
    ['ends with an error, as on Windows', stream('ab', { code: 'EOF' }), 'ab'],
    ['is closed', stream(), ''],
  ])('%s', (_, read, text) => {
    expect(readFirst(4, read).toString()).toBe(text);
  });

  it('that fails otherwise is told', () => {
    expect(() => readFirst(4, stream({ code: 'EIO' }))).toThrow('EIO');
  });
});

describe('what Windows does otherwise', () => {
  it('a file that another process reads cannot be replaced for a moment', () => {
    replaceFile('a', 'b', failing('EPERM', 'EACCES', 'EBUSY'));
    expect(() => replaceFile('a', 'b', failing('ENOENT'))).toThrow('ENOENT');
    expect(() =>
      replaceFile('a', 'b', failing(...Array.from({ length: 30 }, () => 'EPERM'))),
    ).toThrow('EPERM');
  });

  it('a process is alive if it can be signalled, or is another user’s', () => {
    expect(startOnWindows(1, failing())).toBe('0');
    expect(startOnWindows(1, failing('EPERM'))).toBe('0');
    expect(startOnWindows(1, failing('ESRCH'))).toBeNull();
  });

  it('sh.cmd tells what is wanted as Stash tells launch.sh', () => {
    expect(wanted(['C:\\p\\launch.sh', 'hook'])).toEqual({ kind: 'hook' });
    expect(wanted(['C:\\p\\launch.sh', 'task', 'sync-all'])).toEqual({
      kind: 'task',
      name: 'sync-all',
    });
    expect(wanted(['C:\\p\\launch.sh'])).toEqual({ kind: 'operation' });
  });

  it('sh.cmd has the line ends that cmd.exe needs, in a checkout too', () => {
    const folder = join(import.meta.dirname, '..', '..');
    const text = readFileSync(join(folder, 'plugin', 'sh.cmd'), 'latin1');
    expect(text.split('\r\n').slice(0, -1).join('')).not.toMatch(/[\r\n]/);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text).toMatch(/^[\r\n -~]*$/);
    expect(text).toContain('"%node%" "%~dp0windows.cjs" %*');
    // As the launcher does: one that is not there counts as none.
    expect(text).toMatch(
      /^set "node=%PLEXSYNC_NODE%"\r\nif defined node if not exist "%node%" set "node="\r\n/m,
    );
    const json = /^echo (\{.*\})\r$/m.exec(text)?.[1] ?? '';
    expect(JSON.parse(json)).toHaveProperty('error', expect.stringMatching(/^PlexSync needs Node/));
    expect(readFileSync(join(folder, '.gitattributes'), 'utf8')).toMatch(
      /^\*\.cmd text eol=crlf$/m,
    );
  });
});

it('a hook by the program keeps its event, answers at once, and a worker takes it in', async () => {
  const place = makePlace();
  const { code, stdout, stderr } = await place.call(['launch', 'launch.sh', 'hook'], {
    input: hookInput({ dir: place.config }),
    env: { PLEXSYNC_LINGER_MS: '0' },
  });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  const pid = Number(readFileSync(join(place.data, 'supervisor'), 'utf8').split(' ')[0]);
  onTestFinished(() => {
    try {
      killProcess(pid, 'SIGKILL');
    } catch {
      // it has left by itself
    }
  });
  await until('it is taken in', () => readdirSync(join(place.data, 'spool')).length === 0);
  // With one that lives, nobody is started.
  await place.call(['launch', 'launch.sh', 'hook'], { input: hookInput({ dir: place.config }) });
  expect(readFileSync(join(place.data, 'supervisor'), 'utf8')).toMatch(new RegExp(`^${pid} `));

  const failed = await place.call(['launch', 'launch.sh', 'hook'], { input: '' });
  expect(failed.code).toBe(1);
  expect(failed.stderr.startsWith('\u0001e\u0002PlexSync could not keep a change: nothing')).toBe(
    true,
  );
});

it('a hook by the program that cannot note its worker has kept its event all the same, and says nothing else', async () => {
  const place = makePlace();
  // As while an antivirus program, or one that copies the folder elsewhere, has that file.
  mkdirSync(join(place.data, 'supervisor'));
  const ended = await place.call(['launch', 'launch.sh', 'hook'], {
    input: hookInput({ dir: place.config }),
    env: { PLEXSYNC_LINGER_MS: '0' },
  });
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
});
