/** The simulator as a process of its own, turned through its control port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../simulators/plex/main.ts', import.meta.url));
const announcement = v.object({
  url: v.string(),
  token: v.string(),
  sectionId: v.string(),
  controlUrl: v.string(),
});

describe('the simulator as a process', () => {
  const child = spawn(process.execPath, [MAIN, '--items', '3', '--token', 'a-token'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let plex: v.InferOutput<typeof announcement>;

  beforeAll(async () => {
    for await (const line of createInterface(child.stdout)) {
      plex = v.parse(announcement, JSON.parse(line));
      return;
    }
  });
  afterAll(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${plex.controlUrl}/${path}`, { method, ...sent });
    const answer = v.parse(v.nullable(v.record(v.string(), v.unknown())), await response.json());
    return { status: response.status, ...answer };
  };
  const status = async (target: string, method = 'GET'): Promise<number> => {
    const headers = { 'X-Plex-Token': plex.token };
    return (await fetch(`${plex.url}${target}`, { method, headers })).status;
  };

  it('says where it is, and serves the items it was told to make', async () => {
    expect(plex.token).toBe('a-token');
    expect(await status('/library/metadata/1003')).toBe(200);
    expect(await status('/library/metadata/1004')).toBe(404);
  });

  it('takes new files, switches and questions through its control port', async () => {
    const files = [{ path: '/data/scenes/new.mp4', size: 5 }];
    const added = { sectionId: plex.sectionId, title: 'New', files };
    expect(await control('POST', 'items', added)).toMatchObject({ ratingKey: '1004' });
    const wrong = await control('PUT', 'switches', { poison: { 1004: 'status-500' }, nonsense: 1 });
    expect(wrong).toMatchObject({ status: 400 });
    const poison = { 1004: 'status-500' };
    const turned = await control('PUT', 'switches', { poison, applyThenHang: ['1003'] });
    expect(turned).toMatchObject({ poison, applyThenHang: ['1003'], tagMode: 'append' });
    const edit = `/library/sections/${plex.sectionId}/all?type=1&title.value=X`;
    expect(await status(`${edit}&id=1004`, 'PUT')).toBe(500);
    expect(await status(`${edit}&id=1001`, 'PUT')).toBe(200);
    expect(await control('GET', 'item/1001')).toMatchObject({
      item: { title: 'X' },
      history: [{ before: { title: 'scene-000001' } }],
    });
    expect(await control('GET', 'counts')).toMatchObject({ edits: 2, editedItems: 1 });
    expect(await control('GET', 'item/999')).toMatchObject({ status: 404 });
  });

  it('scans and moves files when its control port says so', async () => {
    const { sectionId } = plex;
    await control('PUT', 'switches', { scanDelayMs: 'held', movedFile: 'new-item' });
    await control('POST', 'files', { sectionId, path: '/data/scenes/a/b.mp4', size: 7 });
    expect(await status(`/library/sections/${sectionId}/refresh?path=%2Fdata%2Fscenes%2Fa`)).toBe(
      200,
    );
    const scan = { path: '/data/scenes/a', force: false };
    expect(await control('GET', 'scans')).toMatchObject({ scans: [{ ...scan, state: 'waiting' }] });
    expect(await control('POST', 'scans')).toMatchObject({ ratingKeys: ['1005'] });
    expect(await control('GET', 'item/1005')).toMatchObject({ item: { title: 'b' } });
    const move = { from: '/data/scenes/a/b.mp4', to: '/data/scenes/c.mp4' };
    expect(await control('POST', 'move', move)).toMatchObject({ ratingKey: '1006' });
    expect(await control('POST', 'move', move)).toMatchObject({ status: 400 });
    expect(await control('GET', 'item/1005')).toMatchObject({ status: 404 });
  });

  it('lets somebody watch and rate when its control port says so', async () => {
    const user = await control('POST', 'users', { account: 'guest' });
    const { token } = v.parse(v.looseObject({ token: v.string() }), user);
    const seen = { viewCount: 2, viewOffsetMs: 9_000, userRating: 8 };
    await control('POST', 'seen', { ratingKey: '1002', account: 'guest', viewCount: 2 });
    const last = { ratingKey: '1002', account: 'guest', viewOffsetMs: 9_000, userRating: 8 };
    expect(await control('POST', 'seen', last)).toMatchObject(seen);
    expect(await control('POST', 'seen', { ratingKey: '1002' })).toMatchObject({ viewCount: 0 });
    const answer = await fetch(`${plex.url}/library/metadata/1002`, {
      headers: { 'X-Plex-Token': token },
    });
    expect(await answer.text()).toMatch(/viewOffset="9000" viewCount="2"/);
    expect(await control('PUT', 'switches', { timelineZero: 'clears' })).toMatchObject({
      timelineZero: 'clears',
      repeatedScrobble: 'counts',
    });
  });

  it('goes away and comes back while its control port stays', async () => {
    await control('POST', 'away');
    await expect(status('/identity')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await control('POST', 'back');
    expect(await status('/identity')).toBe(200);
  });

  it('ends when it is told to', async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    // Windows knows no signals: there the process is ended from outside.
    expect(child.exitCode).toBe(process.platform === 'win32' ? null : 0);
  });
});
