// Keeps an event as one file of the spool, in the form of plugin/launch.sh: for Windows, which has no
// shell. The same checks, the same names, the same bytes.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import * as nativePath from 'node:path';
import { parseSpoolEvent } from './event.ts';

export interface Writer {
  /** Stash, which starts a hook: its pid, and its start time; 0 for what is not known. */
  readonly parent: { readonly pid: number; readonly start: string };
  readonly pid: number;
  readonly pluginFolder: string;
}

export interface Kept {
  readonly dataDirectory: string;
  readonly file: string;
}

export const keptBytes = 32_768;

/**
 * @param event the beginning of what Stash sent, `keptBytes` at most
 * @throws what the file system throws when it cannot be kept
 */
export function keepEvent(event: Buffer, writer: Writer): Kept {
  if (event.length === 0) throw new Error('nothing came on standard input');
  const { type, ids, connection } = parseSpoolEvent('', event.toString('utf8'));
  const dir = connection?.dir ?? '';
  const dataDirectory = dataDirectoryFor(dir, writer.pluginFolder, isFolder);
  const spool = nativePath.join(dataDirectory, 'spool');
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  const { parent, pid } = writer;
  const start = /^\d{1,15}$/.test(parent.start) ? parent.start : '0';
  const name = `${fileType(type)}-${ids[0] ?? 0}-${parent.pid}.${start}-${pid}`;
  // The newline at the end marks a complete file.
  const content = Buffer.concat([event, Buffer.from('\n')]);
  for (let n = 0; ; n += 1) {
    const file = nativePath.join(spool, `${name}-${n}`);
    if (existsSync(file)) continue;
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return { dataDirectory, file };
  }
}

/** It becomes part of a file name, and must not be able to name anything else. */
export function fileType(type: string): string {
  return /^[A-Za-z][A-Za-z.]{0,62}$/.test(type) ? type : 'unknown';
}

/** @param path of the system that the folders are of */
export function dataDirectoryFor(
  dir: string,
  pluginFolder: string,
  isThere: (folder: string) => boolean,
  path: Pick<typeof nativePath, 'isAbsolute' | 'join'> = nativePath,
): string {
  if (path.isAbsolute(dir) && isThere(dir)) return path.join(dir, 'plex-sync');
  return path.join(pluginFolder, 'data');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
