// Puts the package for Stash's plugin sources into dist/package/: plex-sync.zip, its index.yml, and
// SHA256SUMS for people. `npm run package` builds first. The date is SOURCE_DATE_EPOCH (seconds,
// reproducible-builds.org), or else that of the last commit.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { indexOf, zipName } from './packageIndex.ts';
import { zipOf } from './pluginZip.ts';

/** Stash gives a download ten seconds in all (stashapp/stash internal/manager/manager.go). */
const zipBytesAtMost = 1024 ** 2;

const root = join(import.meta.dirname, '..');
const plugin = join(root, 'dist', 'plex-sync');
const target = join(root, 'dist', 'package');

const { version } = v.parse(
  v.object({ version: v.string() }),
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
);
const zip = zipOf(plugin);
if (zip.length > zipBytesAtMost) {
  throw new Error(`the package has ${zip.length} bytes, more than ${zipBytesAtMost}`);
}
const index = indexOf(
  readFileSync(join(plugin, 'plex-sync.yml'), 'utf8'),
  version,
  zip,
  new Date(epochSeconds() * 1000),
);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
writeFileSync(join(target, zipName), zip);
writeFileSync(join(target, 'index.yml'), index);
writeFileSync(
  join(target, 'SHA256SUMS'),
  `${sha256(zip)}  ${zipName}\n${sha256(index)}  index.yml\n`,
);
process.stdout.write(`dist/package/${zipName}: ${zip.length} bytes\n${index}`);

function epochSeconds(): number {
  const text = process.env['SOURCE_DATE_EPOCH'] ?? lastCommit();
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(seconds)) {
    return leave(`SOURCE_DATE_EPOCH must be whole seconds, not ${JSON.stringify(text)}.`);
  }
  return seconds;
}

function lastCommit(): string {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return stdout;
  return leave(
    'The package carries a date, and git knows of no commit here to take it from. Name one in SOURCE_DATE_EPOCH, in seconds: SOURCE_DATE_EPOCH=$(date +%s) npm run package',
  );
}

/** Without a stack: it is for whoever packages. */
function leave(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
