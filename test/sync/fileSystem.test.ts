// The file system of the data directory, told from what Linux has mounted.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { doubtfulFileSystem } from '../../src/sync/process/fileSystem.ts';

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'plexsync-mounts-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** As in proc_pid_mountinfo(5), with and without the optional fields before the dash. */
const mount = (place: string, type: string, options = ''): string =>
  `36 35 98:0 / ${place.replaceAll(' ', '\\040')} rw,noatime ${options}- ${type} source rw`;

it.each([
  ['nfs4', 'NFS'],
  ['cifs', 'SMB'],
  ['fuse.sshfs', 'sshfs'],
  ['fuse.rclone', 'rclone'],
  ['fuse.shfs', 'shfs, as Unraid’s /mnt/user'],
  ['fuse.grpcfuse', 'a folder shared by Docker Desktop'],
  ['9p', '9p'],
  ['ext4', null],
  ['btrfs', null],
  ['overlay', null],
  // NTFS of this machine.
  ['fuseblk', null],
])('%s is told as %s', (type, name) => {
  const path = folder();
  const mounts = `${mount('/', 'ext4')}\n${mount(path, type, 'shared:1 ')}\n`;
  expect(doubtfulFileSystem(join(path), () => mounts)).toBe(name);
});

it('the nearest mount counts, the last one of two at a place, and a blank in its name is read', () => {
  const path = join(folder(), 'my data');
  mkdirSync(join(path, 'plex-sync'), { recursive: true });
  const near = [mount('/', 'nfs'), mount(path, 'ext4'), mount(`${path}base`, 'cifs')];
  const look = (mounts: readonly string[]): string | null =>
    doubtfulFileSystem(join(path, 'plex-sync'), () => mounts.join('\n'));
  expect(look(near)).toBeNull();
  expect(look([...near, mount(path, 'fuse.mergerfs')])).toBe('mergerfs');
  expect(look([mount('/', 'nfs')])).toBe('NFS');
});

it('where the system does not tell, nothing is said', () => {
  const silent = (): string => {
    throw new Error('no such file');
  };
  expect(doubtfulFileSystem(folder(), silent)).toBeNull();
  expect(doubtfulFileSystem('/nowhere/at/all')).toBeNull();
});
