// Waiting for another status: real data files with two connections, on a clock of the test's own.
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../src/contract/status.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { clockSeenAt, writeState } from '../../src/store/file/state.ts';
import { stashListens } from '../../src/sync/process/stashListens.ts';
import { readStatus } from '../../src/sync/tell/status.ts';
import { waitForStatus } from '../../src/sync/process/watchStatus.ts';
import { newDirectory, newStore, t0 } from '../store/support.ts';

function openWatch() {
  const directory = makeDataDirectory(newDirectory());
  const [db, other] = [newStore(directory.database), newStore(directory.database)];
  const plans: { readonly atMs: number; readonly run: () => void }[] = [];
  let now = t0;
  let reads = 0;
  let over = false;
  const read = (): Status => {
    reads += 1;
    return readStatus(db, directory, '0.0.0-test', now);
  };
  return {
    other,
    read,
    /** Does it when the wait has lasted so long. */
    at: (atMs: number, run: () => void) => plans.push({ atMs, run }),
    end: () => {
      over = true;
    },
    wait: async (known: string) => {
      const begun = now;
      reads = 0;
      const status = await waitForStatus(
        {
          db,
          read,
          spoolHolds: () => false,
          isOver: async () => over,
          clock: {
            now: () => now,
            random: () => 0.5,
            sleep: async (ms) => {
              now += ms;
              for (const plan of plans.filter(({ atMs }) => begun + atMs <= now)) {
                plans.splice(plans.indexOf(plan), 1);
                plan.run();
              }
            },
          },
        },
        known,
      );
      return { status, waitedMs: now - begun, reads };
    },
  };
}

describe('[1.0 OBS-02] a status that is waited for', () => {
  it('comes after 25 s if nothing happens, and is made up twice meanwhile', async () => {
    const watch = openWatch();
    const { revision } = watch.read();
    const { status, waitedMs, reads } = await watch.wait(revision);
    expect(status.revision).toBe(revision);
    expect(waitedMs).toBeGreaterThanOrEqual(25_000);
    expect(waitedMs).toBeLessThan(26_000);
    expect(reads).toBe(2);
  });

  it('comes when another process has changed what it tells of', async () => {
    const watch = openWatch();
    const { revision } = watch.read();
    watch.at(7_000, () => raiseScene(watch.other, 12, t0, 'test', 'c'));
    const { status, waitedMs } = await watch.wait(revision);
    expect(status.revision).not.toBe(revision);
    expect(status.queue.pending).toBe(1);
    expect(waitedMs).toBeLessThan(8_000);
  });

  it('does not come for what it does not tell of', async () => {
    const watch = openWatch();
    const { revision } = watch.read();
    watch.at(3_000, () => writeState(watch.other, clockSeenAt, t0));
    const { waitedMs, reads } = await watch.wait(revision);
    expect(waitedMs).toBeGreaterThanOrEqual(25_000);
    expect(reads).toBe(3);
  });

  it('comes every two seconds at most while much happens', async () => {
    const watch = openWatch();
    const { revision } = watch.read();
    for (let scene = 1; scene <= 20; scene += 1) {
      watch.at(scene * 100, () => raiseScene(watch.other, scene, t0, 'test', 'c'));
    }
    const { status, waitedMs } = await watch.wait(revision);
    expect(waitedMs).toBeGreaterThanOrEqual(2_000);
    expect(waitedMs).toBeLessThan(3_000);
    expect(status.queue.pending).toBeGreaterThan(15);
  });

  it('comes at once when Stash is about to end', async () => {
    const watch = openWatch();
    const { revision } = watch.read();
    watch.at(5_000, watch.end);
    expect((await watch.wait(revision)).waitedMs).toBeLessThan(8_000);
  });

  it('has a revision that goes on with what happens, not with time', () => {
    const directory = makeDataDirectory(newDirectory());
    const db = newStore(directory.database);
    const at = (now: number): string => readStatus(db, directory, '0', now).revision;
    raiseScene(db, 12, t0, 'test', 'c');
    const first = at(t0);
    expect(at(t0 + 86_400_000)).toBe(first);
    raiseScene(db, 13, t0, 'test', 'c');
    expect(at(t0)).not.toBe(first);
  });
});

describe('whether Stash still takes connections', () => {
  it('is told by a connection that is refused', async () => {
    const server = createServer((socket) => socket.destroy());
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const about = { scheme: 'http', host: '0.0.0.0', cookie: null, apiKey: null } as const;
    const stash = { ...about, port: address.port };
    expect(await stashListens(stash)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await stashListens(stash)).toBe(false);
  });
});
