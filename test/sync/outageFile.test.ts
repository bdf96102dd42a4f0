// `outage.json`: what monitors read, and what a worker with a new data file goes by.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Circuit, closed } from '../../src/domain/recover/circuit.ts';
import { openOutageFile, type OutageFile } from '../../src/sync/servers/outageFile.ts';

const t0 = 1_700_000_000_000;
const open: Circuit = {
  kind: 'open',
  probeAt: t0 + 60_000,
  since: t0 - 600_000,
  cause: 'Plex cannot be reached: nothing listens there.',
  code: 'plex-unreachable',
  failedProbes: 9,
  lastFailed: 'scene:12',
};

let directory: string;
let path: string;
let warnings: string[];
let file: OutageFile;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plexsync-outage-'));
  path = join(directory, 'outage.json');
  warnings = [];
  file = openOutageFile(path, {
    write: (_level, _event, message) => warnings.push(message),
    keepSecret: () => {},
    withoutSecrets: (text) => text,
  });
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

describe('[1.5 STAT-01] the file outage.json', () => {
  it('says how Plex is, since when, why, and when it is tried next', () => {
    file.write(open, t0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      version: 1,
      writtenAt: t0,
      circuit: 'open',
      since: t0 - 600_000,
      nextTryAt: t0 + 60_000,
      code: 'plex-unreachable',
      cause: 'Plex cannot be reached: nothing listens there.',
      failedProbes: 9,
      lastFailed: 'scene:12',
    });
    file.write(closed, t0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      circuit: 'closed',
      since: null,
      nextTryAt: null,
    });
    expect(readdirSync(directory)).toEqual(['outage.json']);
  });

  it('does not tell the hash of the settings', () => {
    file.write({ kind: 'refused', since: t0, retryAt: t0 + 1, settingsHash: 'secret-hash' }, t0);
    expect(readFileSync(path, 'utf8')).not.toContain('secret-hash');
  });

  it('[1.5 STAT-02] gives back the outage with the time of the next probe', () => {
    file.write(open, t0);
    expect(file.read(t0 + 1)).toEqual(open);
    file.write(closed, t0);
    expect(file.read(t0 + 1)).toBeNull();
  });

  it('puts off no probe for longer than a day, however wrong the clock was', () => {
    file.write({ ...open, since: t0 + 9e9, probeAt: t0 + 9e9 }, t0);
    expect(file.read(t0)).toMatchObject({ since: t0, probeAt: t0 + 86_400_000 });
  });

  it('that is missing is nothing to tell of', () => {
    expect(file.read(t0)).toBeNull();
    expect(warnings).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['torn', '{"version":1,"circuit":"op'],
    ['of a later version', '{"version":2,"circuit":"open"}'],
    ['of other content', '[]'],
  ])('that is %s is left alone, with one warning', (_, text) => {
    writeFileSync(path, text);
    expect(file.read(t0)).toBeNull();
    expect(file.read(t0)).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)(
    'in a directory that cannot be written to makes one warning (skipped for root, who may)',
    () => {
      chmodSync(directory, 0o500);
      file.write(open, t0);
      file.write(open, t0);
      expect(warnings).toHaveLength(1);
    },
  );

  it('whose place a directory has makes one warning', () => {
    const taken = openOutageFile(directory, {
      write: (_level, _event, message) => warnings.push(message),
      keepSecret: () => {},
      withoutSecrets: (text) => text,
    });
    taken.write(open, t0);
    taken.write(open, t0);
    expect(taken.read(t0)).toBeNull();
    expect(warnings).toHaveLength(1);
  });
});
