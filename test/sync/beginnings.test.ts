// How a worker begins: with a reason in the log where it cannot, and with a program that it knows again.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { programIdentity } from '../../src/sync/process/program.ts';
import { runWorker } from '../../src/sync/worker.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plexsync-begin-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('a worker that cannot take its lock says why in the log, and ends as one that can take nothing in', async () => {
  const data = folder();
  mkdirSync(join(data, 'worker.lock'));
  const code = await runWorker({
    dataDirectory: data,
    version: '0.0.0-test',
    programPath: import.meta.filename,
    stop: new AbortController().signal,
    supervisorPid: () => null,
    supervisorGone: () => {},
  });
  expect(code).toBe(70);
  expect(readFileSync(join(data, 'plex-sync.log'), 'utf8')).toMatch(
    /"level":"error","event":"store","message":".*unable to open database file/,
  );
});

it('a program that only has another number, as some file systems give it, is the same one', () => {
  const path = join(folder(), 'plex-sync.cjs');
  writeFileSync(path, 'one');
  const [before, { mtime }] = [programIdentity(path), statSync(path)];
  copyFileSync(path, `${path}.new`);
  utimesSync(`${path}.new`, mtime, mtime);
  renameSync(`${path}.new`, path);
  expect(programIdentity(path)).toBe(before);
  writeFileSync(path, 'another');
  expect(programIdentity(path)).not.toBe(before);
  rmSync(path);
  expect(programIdentity(path)).toBe('missing');
});
