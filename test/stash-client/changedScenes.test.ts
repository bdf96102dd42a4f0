import { describe, expect, it } from 'vitest';
import { openSimulated, requestsTo } from './simulated.ts';

const moment = Date.UTC(2026, 10, 21, 10);
const at = (hours: number, offset: string): string => {
  const [, sign, digits = '0'] = /^([+-])(\d\d)/.exec(offset) ?? [];
  const shift = (sign === '-' ? -1 : 1) * Number(digits);
  const local = new Date(moment + (hours + shift) * 3_600_000);
  return `${local.toISOString().slice(0, 19)}${offset}`;
};

describe('the scenes after an id', () => {
  it('come page by page, with how many are left', async () => {
    const { stash, client } = await openSimulated();
    const ids = Array.from({ length: 5 }, () => stash.store.addScene());
    expect(await client.sceneIdsAfter(0, 2, null)).toEqual({
      ids: ids.slice(0, 2),
      next: ids[1],
      left: 3,
    });
    expect(await client.sceneIdsAfter(ids[3] ?? 0, 2, null)).toEqual({
      ids: ids.slice(4),
      next: null,
      left: 0,
    });
    expect(await client.sceneIdsAfter(ids[4] ?? 0, 2, null)).toEqual({
      ids: [],
      next: null,
      left: 0,
    });
  });

  it('are those changed since a moment, in whatever offset Stash wrote it', async () => {
    const { stash, client } = await openSimulated();
    const changed = [
      ['+14:00', 0],
      ['-12:00', 0],
      ['+00:00', 1],
      ['+02:00', 30],
    ] as const;
    const earlier = [
      ['+14:00', -0.001],
      ['-12:00', -1],
      ['+00:00', -25],
      ['+02:00', -300],
    ] as const;
    const add = ([offset, hours]: readonly [string, number]): number =>
      stash.store.addScene({ updatedAt: at(hours, offset) });
    const wanted = changed.map(add);
    for (const one of earlier) add(one);
    // Stash keeps whole seconds: one within the second counts.
    const { ids, next } = await client.sceneIdsAfter(0, 100, moment + 400);
    expect(ids).toEqual(wanted);
    expect(next).toBeNull();
  });
});

describe('scenes together with the ids after one', () => {
  it('are one request: those there, those gone and those that Stash cannot read, and the list', async () => {
    const { stash, client } = await openSimulated();
    const ids = Array.from({ length: 4 }, () => stash.store.addScene({ title: 'One' }));
    const [first = 0, second = 0, third = 0, fourth = 0] = ids;
    stash.store.removeScene(second);
    stash.store.corrupt(third, { files: new Error('no such file') });
    const before = requestsTo(stash);
    const { reads, page } = await client.scenesAndIdsAfter([first, second, third], true, 0, 2);
    await expect.poll(() => requestsTo(stash) - before).toBe(1);
    expect(reads.map(({ kind }) => kind)).toEqual(['scene', 'gone', 'failed']);
    expect(page).toEqual({ ids: [first, third], next: third, left: 1 });
    const rest = await client.scenesAndIdsAfter([fourth], false, third, 2);
    expect(rest).toMatchObject({ reads: [{ kind: 'scene' }], page: { ids: [fourth], next: null } });
  });

  it('are asked for by ids and after one that there can be', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addScene();
    await expect(client.scenesAndIdsAfter([id], true, -1, 2)).rejects.toMatchObject({
      code: 'bad-arguments',
    });
    await expect(client.scenesAndIdsAfter([0], true, 0, 2)).rejects.toMatchObject({
      code: 'bad-arguments',
    });
  });
});

describe('the job queue of Stash', () => {
  it('tells who waits, and takes a task to the end of it', async () => {
    const { stash, client } = await openSimulated();
    expect(await client.waitingJobs()).toEqual([]);
    const gate = Promise.withResolvers<void>();
    const running = stash.jobs.add('Scanning...', async () => await gate.promise);
    await expect.poll(() => stash.jobs.find(running.id)?.status).toBe('RUNNING');
    expect(await client.waitingJobs()).toEqual([]);
    const call = { plugin: 'none', task: 'Process queue', description: 'later', args: { done: 3 } };
    const id = await client.queueTask(call);
    expect(await client.waitingJobs()).toEqual([{ id, description: 'Running plugin task: later' }]);
    gate.resolve();
  });
});
