// A call that fails may have taken changes out of the spool all the same: a worker is woken for them.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace, type Place } from './support.ts';

function envelopeOf(place: Place, args: Readonly<Record<string, unknown>>): string {
  const server = { Scheme: 'http', Host: '127.0.0.1', Port: 1, SessionCookie: null };
  const folders = { Dir: place.config, PluginDir: place.plugin };
  return JSON.stringify({ server_connection: { ...server, ...folders }, args });
}

function placeWithEvent(): Place {
  const place = makePlace();
  const event = envelopeOf(place, {
    hookContext: { id: 7, type: 'Scene.Destroy.Post', input: null },
  });
  const name = 'Scene.Destroy.Post-7-1.1-999999999-1';
  writeFileSync(join(place.data, 'spool', name), `${event}\n`, { mode: 0o600 });
  return place;
}

const spooled = (place: Place): readonly string[] => readdirSync(join(place.data, 'spool'));

it('an operation of the page that is refused wakes the worker for what it took in', async () => {
  const place = placeWithEvent();
  const input = envelopeOf(place, { name: 'pin', scene: 'nonsense' });
  const { code, stdout } = await place.call(['operation'], { input });
  expect(code).toBe(1);
  expect(stdout).toContain('"error"');
  expect(spooled(place)).toEqual([]);
  expect(place.woken()).toEqual([place.data]);
});

it('so does a command of the terminal that fails', async () => {
  const place = placeWithEvent();
  const { code } = await place.plexsync('ignore-gap', '7');
  expect(code).toBe(1);
  expect(spooled(place)).toEqual([]);
  expect(place.woken()).toEqual([place.data]);
});
