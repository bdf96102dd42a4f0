// The steps of the health check that no server is needed for.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthStep } from '../../../src/contract/health.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { makeDataDirectory } from '../../../src/store/file/dataDirectory.ts';
import { clocksStep, leadOf } from '../../../src/tasks/health/clocks.ts';
import { problemLines, summed } from '../../../src/tasks/health/health.ts';
import { checkData, checkNode } from '../../../src/tasks/health/machine.ts';
import { wayOutOf } from '../../../src/tasks/health/plexAway.ts';
import { fail, ok, skipped, warn } from '../../../src/tasks/health/step.ts';
import {
  checkFailures,
  checkPushing,
  checkSpool,
  checkWorker,
} from '../../../src/tasks/health/work.ts';
import { healthLines } from '../../../src/cli/healthText.ts';

const now = 1_700_000_000_000;

function expectStep(step: HealthStep, state: HealthStep['state'], words: string): void {
  expect(step.finding).toContain(words);
  expect(step.state).toBe(state);
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plexsync-health-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the data directory', () => {
  const disk = { freeBytes: 10 * 1024 ** 3, doubtful: null };

  it('is well where it can be written to, and nothing is left behind in it', () => {
    const path = folder();
    expect(checkData(path, () => disk).state).toBe('ok');
    expect(checkData(path).state).not.toBe('fail');
    expect(readdirSync(path)).toEqual([]);
  });

  it('fails where it cannot be written to, and where the disk is full', () => {
    const gone = checkData(join(folder(), 'gone'), () => disk);
    expectStep(gone, 'fail', 'ENOENT');
    const full = checkData(folder(), () => ({ ...disk, freeBytes: 3 * 1024 ** 2 }));
    expectStep(full, 'fail', '3 MB are free');
  });

  it('is worth a warning on a file system on which a database can be damaged', () => {
    const ground = { ...disk, doubtful: 'NFS' };
    expectStep(
      checkData(folder(), () => ground),
      'warn',
      'a database can be damaged (NFS)',
    );
  });
});

it('Node 22.16 is the oldest that is good enough', () => {
  const states = ['18.20.1', '22.15.9', '22.16.0', '24.0.0'].map((one) => checkNode(one).state);
  expect(states).toEqual(['fail', 'fail', 'ok', 'ok']);
});

describe('[1.5 HLTH-01] the way out of a Plex that cannot be used', () => {
  const failed = (code: ErrorCode, reason = ''): { code: ErrorCode; cause: Error } => ({
    code,
    cause: new Error(reason),
  });
  const inContainer = { inContainer: true };
  const outside = { inContainer: false };
  const lan = 'http://192.168.1.10:32400';

  it.each([
    [
      'http://localhost:32400',
      inContainer,
      'ECONNREFUSED',
      /container, where localhost is the cont/,
    ],
    ['http://127.0.0.1:32400', outside, 'ECONNREFUSED', /Start it; or if Stash runs in Docker/],
    [lan, inContainer, 'ECONNREFUSED', /^Start Plex/],
    ['http://plexx:32400', outside, 'ENOTFOUND', /The name plexx is not known/],
    ['https://192.168.1.10:32400', outside, 'DEPTH_ZERO_SELF_SIGNED_CERT', /plex\.direct/],
    ['https://192.168.1.10:32400', outside, 'ERR_SSL_WRONG_VERSION_NUMBER', /http:\/\/ instead/],
    [lan, outside, 'EHOSTUNREACH', /network between the two machines/],
  ])('%s %j %s', (url, surroundings, reason, words) => {
    expect(wayOutOf(failed('plex-unreachable', reason), url, surroundings)).toMatch(words);
  });

  it.each([
    ['plex-connect-timeout', /firewall/],
    ['plex-header-timeout', /Plex’s own log/],
    ['plex-maintenance', /^Wait/],
    ['plex-rate-limited', /^Wait/],
    ['plex-bad-answer', /Something else than Plex/],
    ['internal', /find-plex/],
  ] as const)('%s', (code, words) => {
    expect(wayOutOf(failed(code), lan, outside)).toMatch(words);
  });
});

describe('the work', () => {
  const well = {
    circuit: 'closed',
    since: null,
    nextProbeAt: null,
    cause: null,
    code: null,
    waiting: 0,
    probes: 0,
    answeredAt: null,
  } as const;
  const queue = {
    spooled: 0,
    pending: 0,
    inFlight: 0,
    written: 0,
    retrying: 0,
    fanOuts: 0,
    toSync: 0,
    byCause: {},
    oldestEventAt: null,
  };
  const hour = 3_600_000;

  it('is worth a look where changes wait for hours and nothing is pushed', () => {
    const waits = { ...queue, pending: 3, oldestEventAt: now - 5 * hour };
    const stands = checkPushing(
      { plex: well, queue: waits, lastPushAt: now - 6 * hour, paused: null },
      now,
    );
    expectStep(stands, 'warn', '5 hours');
    const moves = checkPushing(
      { plex: well, queue: waits, lastPushAt: now - 60_000, paused: null },
      now,
    );
    expect(moves).toMatchObject({ state: 'ok', finding: 'The last push was 1 minute ago.' });
  });

  it('fails while Plex refuses the token, and only warns while Plex is away', () => {
    const about = { queue, lastPushAt: null, paused: null };
    const refused = checkPushing({ ...about, plex: { ...well, circuit: 'refused' } }, now);
    const open = {
      ...well,
      circuit: 'open',
      since: now - 7 * hour,
      cause: 'nothing listens.',
    } as const;
    expect(refused.state).toBe('fail');
    expect(checkPushing({ ...about, plex: open }, now)).toMatchObject({
      state: 'warn',
      finding: 'Plex has been away for 7 hours: nothing listens. Nothing was pushed yet.',
    });
  });

  it('is worth a look while a person has paused it', () => {
    const paused = { since: now - 3 * hour, setup: false };
    const step = checkPushing({ plex: well, queue, lastPushAt: null, paused }, now);
    expectStep(step, 'warn', 'PlexSync has been paused for 3 hours');
  });

  it('tells what failed for good by cause, and how many choices are wanted', () => {
    const step = checkFailures({
      deadLetters: { count: 3, byCause: { 'plex-server-error': 2, 'scene-invalid': 1 } },
      scenes: { matched: 1, withoutItem: { review: 1 } },
      extras: { waiting: 0, givenUp: 0 },
    });
    expect(step.finding).toBe(
      '3 changes failed for good: 2 × plex-server-error, 1 × scene-invalid. 1 scene waits for your choice.',
    );
    expect(step.state).toBe('warn');
    expect(step.wayOut).toBe(
      'What is wrong with each stands on PlexSync’s page under Problems. Once it is put right, the task Retry dead letters tries it again, and so does a save of such a scene. The page’s Problems, or "plexsync review", shows what there is to choose from.',
    );
  });

  it('tells of pictures that were given up', () => {
    const step = checkFailures({
      deadLetters: { count: 0, byCause: {} },
      scenes: { matched: 1, withoutItem: {} },
      extras: { waiting: 0, givenUp: 2 },
    });
    expectStep(step, 'warn', '2 pictures or ratings were given up.');
    expect(step.wayOut).toContain('Retry dead letters tries it again, and so does another cover');
  });

  it('misses a worker also where only a sync or pictures wait, and not while PlexSync is paused', () => {
    const directory = makeDataDirectory(folder());
    const queue = {
      spooled: 0,
      pending: 0,
      inFlight: 0,
      written: 0,
      retrying: 0,
      byCause: {},
      fanOuts: 0,
      toSync: 0,
      oldestEventAt: null,
    };
    const idle = { workerAlive: false, queue, extras: { waiting: 0, givenUp: 0 }, paused: null };
    expectStep(checkWorker(directory, idle), 'ok', 'nothing waits');
    const extras = { waiting: 5, givenUp: 0 };
    expectStep(checkWorker(directory, { ...idle, extras }), 'warn', '5 changes wait');
    const syncing = { ...idle, queue: { ...queue, toSync: 9 } };
    expectStep(checkWorker(directory, syncing), 'warn', '9 changes wait');
    const paused = { since: now, setup: false };
    expectStep(checkWorker(directory, { ...idle, extras, paused }), 'ok', 'paused');
  });

  it('names an event that has lain in the spool for longer than a minute', () => {
    const directory = makeDataDirectory(folder());
    const file = join(directory.spool, 'Scene.Update.Post-7-1.1-1-1');
    mkdirSync(directory.spool, { recursive: true });
    writeFileSync(file, '');
    utimesSync(file, new Date(now), new Date(now));
    expect(checkSpool(directory, now + 30_000).state).toBe('ok');
    const stuck = checkSpool(directory, now + 61_000);
    expectStep(stuck, 'warn', file);
  });
});

describe('the clocks', () => {
  it('agree, differ, or are not told', () => {
    expect(clocksStep({ Stash: 500, Plex: -900 }).state).toBe('ok');
    expect(clocksStep({ Stash: null, Plex: null }).state).toBe('skipped');
    expect(clocksStep({ Stash: null, Plex: 3_600_000 }).finding).toBe(
      'Beside this machine’s, the clock of Plex is 3600 s ahead.',
    );
  });

  it('are read from the Date of an answer', async () => {
    const server = createServer((request, response) => {
      response.sendDate = false;
      const told = new Date(Date.now() - 120_000).toUTCString();
      if (request.url === '/dated') response.setHeader('Date', told);
      response.end('x'.repeat(100_000));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lead = (await leadOf(`${url}/dated`)) ?? 0;
    expect(clocksStep({ Stash: lead }).finding).toMatch(/Stash is 1[12]\d s behind/);
    expect(await leadOf(`${url}/undated`)).toBeNull();
    expect(await leadOf('http://127.0.0.1:1')).toBeNull();
  });
});

describe('the answer', () => {
  const steps = [
    ok('node', 'Good.'),
    warn('clocks', 'They differ.', 'Set them.'),
    fail('plex', 'Away.\u001b[31m', 'Start it.'),
    skipped('token', 'Plex cannot be used'),
  ];

  it('is unhealthy as soon as one thing is wrong, and names it', () => {
    expect(summed(steps)).toMatchObject({
      healthy: false,
      sentence: 'Wrong: plex. Worth a look: clocks.',
    });
    expect(summed(steps.slice(0, 2))).toMatchObject({
      healthy: true,
      sentence: 'Nothing is wrong: 2 things were looked at. Worth a look: clocks.',
    });
  });

  it('is told in the log with what wants attention, and in a terminal in full', () => {
    expect(problemLines(summed(steps)).map((line) => line.split(':')[0])).toEqual([
      'plex',
      'clocks',
    ]);
    expect(healthLines(summed(steps))).toEqual([
      'ok    node: Good.',
      'look  clocks: They differ.',
      '      → Set them.',
      'FAIL  plex: Away.[31m',
      '      → Start it.',
      '-     token: Not looked at: Plex cannot be used.',
      '',
      'Wrong: plex. Worth a look: clocks.',
    ]);
  });
});
