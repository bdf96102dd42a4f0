// On which kind of file system the data directory lies, where that is one on which a database can be
// damaged: another machine's, or one that a program passes through.
import { readFileSync, realpathSync } from 'node:fs';

/**
 * By the type that Linux mounts it as. On these, locks and shared memory are not to be relied on
 * (sqlite.org/howtocorrupt.html, 2.1; sqlite.org/wal.html).
 */
const doubtful: ReadonlyMap<string, string> = new Map([
  ['nfs', 'NFS'],
  ['nfs4', 'NFS'],
  ['cifs', 'SMB'],
  ['smb3', 'SMB'],
  ['smbfs', 'SMB'],
  ['9p', '9p'],
  ['ceph', 'Ceph'],
  ['fuse.ceph-fuse', 'Ceph'],
  ['fuse.glusterfs', 'GlusterFS'],
  ['fuse.sshfs', 'sshfs'],
  ['fuse.rclone', 'rclone'],
  ['fuse.s3fs', 's3fs'],
  ['davfs', 'WebDAV'],
  ['fuse.shfs', 'shfs, as Unraid’s /mnt/user'],
  ['fuse.mergerfs', 'mergerfs'],
  ['fuse.mergerfs-static', 'mergerfs'],
  ['fuse.grpcfuse', 'a folder shared by Docker Desktop'],
  ['fuse.osxfs', 'a folder shared by Docker Desktop'],
  ['fakeowner', 'a folder shared by Docker Desktop'],
  ['virtiofs', 'a folder shared with a virtual machine'],
  ['vboxsf', 'a folder shared with a virtual machine'],
  ['prl_fs', 'a folder shared with a virtual machine'],
  ['fuse.vmhgfs-fuse', 'a folder shared with a virtual machine'],
]);

export type ReadMounts = () => string;

/** Its name for a person; null for a good one, and where the system does not tell. */
export function doubtfulFileSystem(
  path: string,
  readMounts: ReadMounts = () => readFileSync('/proc/self/mountinfo', 'utf8'),
): string | null {
  try {
    const type = typeAt(realpathSync(path), readMounts());
    return type === null ? null : (doubtful.get(type) ?? null);
  } catch {
    return null;
  }
}

export function fileSystemWarning(path: string, name: string): string {
  return `The data directory ${path} lies on a file system on which a database can be damaged (${name}). Let Stash’s configuration folder lie on a disk of its own machine.`;
}

/** @param mounts as in proc_pid_mountinfo(5): the fifth field is the place, the type comes after " - " */
function typeAt(path: string, mounts: string): string | null {
  let found: { readonly place: string; readonly type: string } | null = null;
  for (const line of mounts.split('\n')) {
    const place = unescaped(line.split(' ')[4] ?? '');
    const type = line.split(' - ')[1]?.split(' ')[0];
    if (place === '' || type === undefined || !isBelow(path, place)) continue;
    // The last of two at one place lies over the first.
    if (found === null || place.length >= found.place.length) found = { place, type };
  }
  return found?.type ?? null;
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`);
}

/** A blank is written \040. */
function unescaped(place: string): string {
  return place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
