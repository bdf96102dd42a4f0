// Plays, resume times and ratings in the simulated Stash, and what the client makes of answers that no
// real one is known to give.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startStashSimulator } from '../../simulators/stash/server.ts';
import { openStashClient } from '../../src/stash/client.ts';
import { recordingScript, seenBy, writePlugin } from '../simulators/stashKit.ts';
import { openSimulated, requestsTo } from './simulated.ts';
import { viewingCases } from './viewingCases.ts';

viewingCases('what viewers left in the simulated Stash', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stash-test-'));
  writePlugin(directory, { script: recordingScript });
  const stash = await startStashSimulator({ directory, utcOffsetMinutes: -210 });
  for (let index = 0; index < 30; index += 1) {
    stash.store.addScene({ files: [{ path: `/data/${index}.mp4`, durationSeconds: 60 }] });
  }
  const client = openStashClient({
    scheme: 'http',
    host: '127.0.0.1',
    port: stash.port,
    cookie: { name: 'session', value: stash.sessionCookie() },
    apiKey: null,
  });
  return {
    client,
    hooks: () => seenBy(stash).length,
    ask: async (document, variables) => {
      const { data } = await stash.graphql(document, variables);
      const plain: unknown = JSON.parse(JSON.stringify(data));
      return plain;
    },
    close: async () => {
      await client.close();
      await stash.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
});

describe('the client', () => {
  it.each([
    ['play_history', null],
    ['play_history', ['yesterday']],
    ['resume_time', 'three'],
    ['rating100', 7.5],
    ['updated_at', null],
    ['files', 'none'],
    ['id', '7'],
    ['play_history', new Error('converting driver.Value type string to a time')],
  ])('takes a scene whose %s is %j for failed, and not for unseen', async (field, value) => {
    const { stash, client } = await openSimulated();
    const [bad, good] = [stash.store.addScene({ id: 1 }), stash.store.addScene({ id: 2 })];
    stash.store.corrupt(bad, { [field]: value });
    const [first, second] = await client.viewings([bad, good]);
    expect(first).toMatchObject({ kind: 'failed', id: bad });
    expect(JSON.stringify(first)).toContain(`scene ${bad}`);
    expect(second).toMatchObject({ kind: 'found', viewing: { sceneId: good } });
  });

  it('asks whether it is Stash where no scene at all could be read', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addScene();
    stash.store.corrupt(id, { play_history: new Error('database is locked') });
    const before = requestsTo(stash);
    expect(await client.viewings([id])).toMatchObject([{ kind: 'failed', id }]);
    await expect.poll(() => requestsTo(stash) - before).toBe(2);
    expect(await client.viewings([])).toEqual([]);
  });

  it('reads the duration of the longest file, and none where Stash measured none', async () => {
    const { stash, client } = await openSimulated();
    const file = (name: string, durationSeconds: number) => ({
      path: `/d/${name}`,
      durationSeconds,
    });
    const two = stash.store.addScene({ files: [file('a', 60), file('b', 90.5)] });
    const none = stash.store.addScene({ files: [file('c', 0)] });
    expect(await client.viewings([two, none])).toMatchObject([
      { viewing: { durationSeconds: 90.5 } },
      { viewing: { durationSeconds: null } },
    ]);
  });

  it('sends nothing that is no play, no resume time, no rating or no scene', async () => {
    const { stash, client } = await openSimulated();
    const id = stash.store.addScene({ rating100: 40, resumeTimeSeconds: 3 });
    const before = stash.store.scene(id);
    const refused = { code: 'bad-arguments' };
    for (const at of [Number.NaN, -1, Number.POSITIVE_INFINITY, 9e15]) {
      await expect(client.addPlay(id, at)).rejects.toMatchObject(refused);
      await expect(client.deletePlays(id, [at])).rejects.toMatchObject(refused);
    }
    for (const seconds of [-0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(client.saveResume(id, seconds)).rejects.toMatchObject(refused);
    }
    for (const rating of [0, 101, 7.5, -1, Number.NaN]) {
      await expect(client.rateScene(id, rating)).rejects.toMatchObject(refused);
    }
    await expect(client.addPlay(0, 1000)).rejects.toMatchObject(refused);
    await expect(client.viewings([1.5])).rejects.toMatchObject(refused);
    await expect(
      client.viewingPage({ by: 'inProgress', afterId: 0, limit: 0 }),
    ).rejects.toMatchObject(refused);
    expect(stash.store.scene(id)).toBe(before);
    expect(requestsTo(stash)).toBe(0);
  });
});
