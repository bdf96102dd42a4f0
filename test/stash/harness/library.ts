// Short videos and a Stash database that knows them. Scanned once without any plugin, the database
// is copied into each run, so that a run begins in a second with its scenes in place.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath, startStash } from './process.ts';

export interface ScannedLibrary {
  /** Folder with the videos. */
  readonly media: string;
  /** Stash database in which each of them is a scene. */
  readonly database: string;
}

export interface MediaFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Stash's scan without anything that costs time. */
export const scanDocument = `mutation { metadataScan(input: {
  scanGenerateCovers: false, scanGeneratePreviews: false, scanGenerateSprites: false,
  scanGeneratePhashes: false }) }`;

/**
 * Makes `count` videos of a second in a new folder below `root`. ffmpeg encodes one; the others are
 * copies with an unused box (ISO/IEC 14496-12, `free`) of their own at the end, so that Stash's
 * fingerprints differ.
 */
export function makeVideos(root: string, folder: string, count: number): void {
  const media = join(root, folder);
  mkdirSync(media);
  const original = join(root, `${folder}-original.mp4`);
  const source = ['-f', 'lavfi', '-i', 'color=size=64x64:rate=5:duration=1'];
  execFileSync(onPath('ffmpeg'), ['-v', 'error', '-y', ...source, '-c:v', 'mpeg4', original]);
  const video = readFileSync(original);
  for (let number = 1; number <= count; number += 1) {
    const name = `clip ${String(number).padStart(3, '0')}.mp4`;
    writeFileSync(join(media, name), Buffer.concat([video, freeBox(name.repeat(number))]));
  }
}

/**
 * Copies a video, with `mark` in an unused box at its end: copies with marks of one length are files
 * of one size that Stash still tells apart. Folders are made.
 */
export function copyVideo(from: string, to: string, mark: string): MediaFile {
  const content = Buffer.concat([readFileSync(from), freeBox(mark)]);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
  return { path: to, sizeBytes: content.length };
}

/** The files of the folder and those below it, by path. */
export function mediaFiles(media: string): readonly MediaFile[] {
  return readdirSync(media, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, sizeBytes: statSync(path).size }));
}

/** Videos and the database of a Stash that has scanned them. */
export async function makeScannedLibrary(
  binary: string,
  root: string,
  count: number,
): Promise<ScannedLibrary> {
  makeVideos(root, 'media', count);
  return await scanWithoutPlugins(binary, root, join(root, 'media'));
}

/** The library of a person who has had Stash for long, and installs PlexSync now. */
export async function scanWithoutPlugins(
  binary: string,
  root: string,
  media: string,
): Promise<ScannedLibrary> {
  const stash = await startStash({ binary, root, media });
  try {
    await stash.face.job(scanDocument);
    // Stopped, it has written its journal into the database.
    await stash.stop();
    return { media, database: join(stash.directory, 'stash.sqlite') };
  } finally {
    await stash.close();
  }
}

function freeBox(content: string): Buffer {
  const body = Buffer.from(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + body.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, body]);
}
