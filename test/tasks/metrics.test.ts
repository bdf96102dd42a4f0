// The operation and the command "metrics", by real processes.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { makePlace, type Place, t0 } from '../cli/support.ts';

function placeWithRows(count: number): Place {
  const place = makePlace();
  place.withStore((db) => {
    for (let scene = 1; scene <= count; scene += 1) raiseScene(db, scene, t0, 'test', `c${scene}`);
  });
  return place;
}

async function operation(place: Place, args: object): Promise<unknown> {
  const server = { Scheme: 'http', Host: '127.0.0.1', Port: 1, SessionCookie: null };
  const envelope = {
    server_connection: { ...server, Dir: place.config, PluginDir: place.plugin },
    args: { name: 'metrics', ...args },
  };
  const { stdout } = await place.call(['operation'], { input: JSON.stringify(envelope) });
  return JSON.parse(stdout);
}

describe('[1.2 OBS-02] metrics', () => {
  it('are the same from the operation and in a terminal', async () => {
    const place = placeWithRows(3);
    const { stdout, code } = await place.plexsync('metrics');
    expect(code).toBe(0);
    expect(stdout).toContain('# TYPE plexsync_queue_rows gauge\n');
    expect(stdout).toContain('plexsync_queue_rows{state="pending"} 3\n');
    expect(stdout.endsWith('\n')).toBe(true);
    const answered = v.strictObject({ output: v.strictObject({ text: v.string() }) });
    const { text } = v.parse(answered, await operation(place, {})).output;
    expect(text).toContain('plexsync_queue_rows{state="pending"} 3\n');
  });

  it('go into a file for a collector, whole at any moment, readable by all, with nothing beside it', async () => {
    const place = placeWithRows(2);
    const folder = join(place.root, 'collector');
    mkdirSync(folder);
    const file = join(folder, 'plexsync.prom');
    writeFileSync(file, 'old\n', { mode: 0o600 });
    const calls = Array.from({ length: 6 }, () => place.plexsync('metrics', '--out', file));
    const seen = new Set<string>();
    let running = true;
    const ended = Promise.all(calls).finally(() => {
      running = false;
    });
    while (running) {
      seen.add(readFileSync(file, 'utf8'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { code, stdout } of await ended) {
      expect(code).toBe(0);
      expect(stdout).toBe(`The metrics are in ${file}.\n`);
    }
    for (const text of seen) {
      if (text === 'old\n') continue;
      expect(text).toMatch(/^# HELP plexsync_info /);
      expect(text).toMatch(/plexsync_time_left_seconds\{of="extras",bound="most"\} [\d.]+\n$/);
    }
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(['plexsync.prom']);
  });

  it('are readable by all from the script, too, which lets nobody else read what it writes', async () => {
    const place = placeWithRows(1);
    const file = join(place.root, 'plexsync.prom');
    const script = join(place.plugin, 'plexsync');
    const { code, stderr } = await place.call(['metrics', '--out', file], {
      command: ['sh', script],
      env: { PLEXSYNC_NODE: process.execPath },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('take the place of no device, link or folder', async () => {
    const place = placeWithRows(1);
    const link = join(place.root, 'stdout');
    symlinkSync('/dev/null', link);
    const { code, stderr } = await place.plexsync('metrics', '--out', link);
    expect(code).toBe(1);
    expect(stderr).toContain('it is not a plain file');
    expect(readlinkSync(link)).toBe('/dev/null');
  });

  it('say why a file cannot be written, and leave nothing', async () => {
    const place = placeWithRows(1);
    const file = join(place.root, 'no', 'such', 'folder.prom');
    const { code, stderr } = await place.plexsync('metrics', '--out', file);
    expect(code).toBe(1);
    expect(stderr).toContain(`The file ${file} cannot be written`);
  });

  it('write no file for the operation: whoever may call it must not choose one', async () => {
    const place = placeWithRows(1);
    const file = join(place.root, 'chosen.prom');
    expect(await operation(place, { out: file })).toEqual({
      error: 'The argument "out" is for the command line only.',
    });
    expect(existsSync(file)).toBe(false);
  });
});
