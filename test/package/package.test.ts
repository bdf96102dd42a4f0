// The package that Stash's plugin sources offer: the zip and its index.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as yaml from 'yaml';
import { indexOf } from '../../scripts/packageIndex.ts';
import { runnable, zipOf } from '../../scripts/pluginZip.ts';
import { readZip, type ZipEntry } from './zipReader.ts';

const root = join(import.meta.dirname, '..', '..');
const epochSeconds = 1_795_000_000;

interface Packaged {
  readonly folder: string;
  readonly zip: Buffer;
  readonly index: string;
  readonly sums: string;
}

/** Builds and packages a copy of the sources, as a person does elsewhere. */
function packageIn(folder: string, umask: string, env: Readonly<Record<string, string>>): Packaged {
  copySources(folder);
  const node = `'${process.execPath}'`;
  execFileSync(
    'sh',
    ['-c', `umask ${umask}; ${node} scripts/build.ts && ${node} scripts/package.ts`],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], SOURCE_DATE_EPOCH: String(epochSeconds), ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const read = (name: string): Buffer => readFileSync(join(folder, 'dist', 'package', name));
  return {
    folder,
    zip: read('plex-sync.zip'),
    index: read('index.yml').toString('utf8'),
    sums: read('SHA256SUMS').toString('utf8'),
  };
}

function copySources(folder: string): void {
  for (const name of ['src', 'plugin', 'scripts', 'package.json', 'tsconfig.json', 'LICENSE']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

describe('the package', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'plexsync-package-'));
  let here: Packaged;
  let entries: readonly ZipEntry[];

  beforeAll(() => {
    mkdirSync(join(scratch, 'here'));
    here = packageIn(join(scratch, 'here'), '022', { TZ: 'UTC' });
    entries = readZip(here.zip);
  }, 60_000);

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('is the same, byte for byte, from another folder, in another time zone, with other rights', () => {
    const elsewhere = join(scratch, 'a folder', 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    const env = { TZ: 'Pacific/Auckland', LC_ALL: 'C', HOME: scratch };
    const other = packageIn(elsewhere, '077', env);
    expect(other.index).toBe(here.index);
    expect(other.zip.equals(here.zip)).toBe(true);
  }, 60_000);

  it('is flat, has one manifest and nothing that is not the plugin’s own, and fits into Stash’s ten seconds', () => {
    const names = entries.map(({ name }) => name);
    expect(names.toSorted()).toEqual(
      readdirSync(join(here.folder, 'dist', 'plex-sync')).toSorted(),
    );
    expect(names.filter((name) => /[/\\]/.test(name))).toEqual([]);
    expect(names.filter((name) => /\.ya?ml$/.test(name))).toEqual(['plex-sync.yml']);
    expect(names.filter((name) => /node_modules|\.map$|\.ts$/.test(name))).toEqual([]);
    expect(here.zip.length).toBeLessThanOrEqual(1024 ** 2);
  });

  it('has what keeps events first and the supervisor last: Stash deletes and writes in this order', () => {
    const names = entries.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['launch.sh', 'claim.sh']);
    expect(names.at(-1)).toBe('supervise.sh');
  });

  it('keeps run bits, whatever the rights in the folder that it was made of', () => {
    const wanted = entries.map(({ name }) => [name, runnable.includes(name) ? '100755' : '100644']);
    expect(entries.map(({ name, mode }) => [name, mode.toString(8)])).toEqual(wanted);
  });

  it('works when it is unpacked', () => {
    const unpacked = join(scratch, 'unpacked');
    mkdirSync(unpacked);
    for (const { name, mode, content } of entries) {
      writeFileSync(join(unpacked, name), content);
      chmodSync(join(unpacked, name), mode & 0o777);
    }
    const called = spawnSync(join(unpacked, 'plexsync'), ['--help'], {
      encoding: 'utf8',
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    });
    expect(called.stderr).toBe('');
    expect(called.stdout).toMatch(/^PlexSync \d+\.\d+\.\d+\n/);
  });

  it('has an index entry as Stash reads it, with version, date in UTC and checksum', () => {
    const { description, version } = v.parse(
      v.object({ description: v.string(), version: v.string() }),
      yaml.parse(entryText('plex-sync.yml')),
    );
    expect(yaml.parse(here.index)).toEqual([
      {
        id: 'plex-sync',
        name: 'PlexSync',
        metadata: { description },
        version,
        date: new Date(epochSeconds * 1000).toISOString().slice(0, 19).replace('T', ' '),
        requires: [],
        path: 'plex-sync.zip',
        sha256: sha256(here.zip),
      },
    ]);
    expect(here.sums).toBe(
      `${sha256(here.zip)}  plex-sync.zip\n${sha256(here.index)}  index.yml\n`,
    );
  });

  function entryText(wanted: string): string {
    return entries.find(({ name }) => name === wanted)?.content.toString('utf8') ?? '';
  }
});

describe('packaging is refused', () => {
  it.each([
    ['a folder', (folder: string) => mkdirSync(join(folder, 'lib')), /lib is no plain file/],
    [
      'a symbolic link',
      (folder: string) => symlinkSync('sh', join(folder, 'shell')),
      /shell is no plain file/,
    ],
    [
      'a second manifest',
      (folder: string) => writeFileSync(join(folder, 'other.yml'), ''),
      /only manifest, not other\.yml, plex-sync\.yml/,
    ],
    ['no launcher', (folder: string) => rmSync(join(folder, 'launch.sh')), /launch\.sh missing/],
  ])('with %s', (_, spoil, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'plexsync-package-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['plex-sync.yml', 'claim.sh', ...runnable])
      writeFileSync(join(folder, name), name);
    expect(() => zipOf(folder)).not.toThrow();
    spoil(folder);
    expect(() => zipOf(folder)).toThrow(message);
  });

  it('not for what the launcher left in a plugin that was run where it was built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plexsync-package-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['plex-sync.yml', 'claim.sh', ...runnable]) {
      writeFileSync(join(folder, name), name);
    }
    const before = zipOf(folder);
    mkdirSync(join(folder, 'data'));
    expect(Buffer.from(zipOf(folder)).equals(before)).toBe(true);
  });

  it.each([
    ['outside a clone, where no date is named', {}, /SOURCE_DATE_EPOCH=\$\(date \+%s\) npm run/],
    ['with a date that is none', { SOURCE_DATE_EPOCH: 'now' }, /must be whole seconds, not "now"/],
  ])('%s: in one line that says what to do', (_, env, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'plexsync-package-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    copySources(folder);
    const plugin = join(folder, 'dist', 'plex-sync');
    mkdirSync(plugin, { recursive: true });
    for (const name of ['plex-sync.yml', 'claim.sh', ...runnable])
      writeFileSync(join(plugin, name), name);
    const { status, stderr } = spawnSync(process.execPath, ['scripts/package.ts'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: tmpdir(), ...env },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('where manifest and program disagree about the version', () => {
    const manifest = 'name: PlexSync\ndescription: x\nversion: 1.0.0\n';
    expect(() => indexOf(manifest, '1.0.1', Buffer.of(1), new Date(0))).toThrow(/version 1\.0\.0/);
  });
});

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

it('what ships with the run bit is there', () => {
  expect(runnable.filter((name) => !existsSync(join(root, 'plugin', name)))).toEqual([]);
});
