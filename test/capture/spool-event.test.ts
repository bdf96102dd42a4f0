import { describe, expect, it } from 'vitest';
import { parseSpoolEvent } from '../../src/capture/event.ts';
import {
  cookieValue,
  payload,
  sceneDestroy,
  sceneUpdate,
  serverConnection,
  tagMerge,
} from './samples.ts';

const name = 'Scene.Update.Post-45-345.6789-4711-0';

describe('a spool file that Stash wrote to its end', () => {
  it('tells the scene and how to reach Stash', () => {
    expect(parseSpoolEvent(name, `${sceneUpdate}\n`)).toEqual({
      type: 'Scene.Update.Post',
      ids: [45],
      connection: {
        scheme: 'http',
        host: '0.0.0.0',
        port: 9999,
        cookie: { name: 'session', value: cookieValue },
        dir: '/config & <media>',
        pluginDir: 'plugins/plex-sync',
      },
      complete: true,
    });
  });

  it('tells the scene that Clean removed, though its input has no id', () => {
    expect(parseSpoolEvent('x', `${sceneDestroy}\n`)).toMatchObject({
      type: 'Scene.Destroy.Post',
      ids: [59],
    });
  });

  it('tells the tag that stayed of a merge', () => {
    expect(parseSpoolEvent('x', `${tagMerge}\n`)).toMatchObject({ ids: [2] });
  });

  it('tells a destroyed tag whose input is a bare list of ids', () => {
    const tag = payload({ id: 2, type: 'Tag.Destroy.Post', input: ['2', '9'] });
    expect(parseSpoolEvent('x', tag)).toMatchObject({ ids: [2] });
  });

  it('tells a scene that a scan found, whose input is null', () => {
    const scene = payload({ id: 1, type: 'Scene.Create.Post', input: null });
    expect(parseSpoolEvent('x', scene)).toMatchObject({ type: 'Scene.Create.Post', ids: [1] });
  });

  it('is read with white space between its parts too', () => {
    const pretty = JSON.stringify(JSON.parse(sceneUpdate), null, 2);
    expect(parseSpoolEvent(name, pretty)).toEqual(parseSpoolEvent(name, sceneUpdate));
  });

  it('is not deceived by a title that looks like a hook context', () => {
    const trap = payload({
      id: 45,
      type: 'Scene.Update.Post',
      input: { title: '"hookContext":{"id":1,"type":"Tag.Destroy.Post"', hookContext: { id: 7 } },
    });
    expect(parseSpoolEvent('x', trap)).toMatchObject({ type: 'Scene.Update.Post', ids: [45] });
  });
});

describe('a spool file that was cut', () => {
  it('is told by its name if nothing was written', () => {
    expect(parseSpoolEvent(name, '')).toEqual({
      type: 'Scene.Update.Post',
      ids: [45],
      connection: null,
      complete: false,
    });
  });

  it('is told by its content if the name tells nothing', () => {
    const cut = sceneUpdate.slice(0, -30);
    expect(parseSpoolEvent('unknown-0-1.0-2-0', cut)).toMatchObject({
      type: 'Scene.Update.Post',
      ids: [45],
      complete: false,
    });
  });

  it('counts as complete at 32 KB, since the launcher keeps no more', () => {
    const input = { id: '45', cover_image: 'A'.repeat(100_000) };
    const cut = payload({ id: 45, type: 'Scene.Update.Post', input }).slice(0, 32_768);
    const event = parseSpoolEvent('x', `${cut}\n`);
    expect(event).toMatchObject({ type: 'Scene.Update.Post', ids: [45], complete: true });
    expect(event.connection?.dir).toBe('/config & <media>');
  });

  it('never takes the beginning of an id for an id', () => {
    const cut = sceneUpdate.slice(0, sceneUpdate.indexOf('"id":45') + '"id":4'.length);
    expect(parseSpoolEvent('x', cut).ids).toEqual([]);
    expect(parseSpoolEvent(name, cut).ids).toEqual([45]);
  });

  it('gives a connection only if all of it is there', () => {
    const end = sceneUpdate.indexOf('},"args"');
    expect(parseSpoolEvent('x', sceneUpdate.slice(0, end)).connection).toBeNull();
    expect(parseSpoolEvent('x', sceneUpdate.slice(0, end + 1)).connection).not.toBeNull();
  });
});

describe('a connection', () => {
  const connectionOf = (changes: Record<string, unknown>) => {
    const scene = { id: 1, type: 'Scene.Update.Post', input: null };
    return parseSpoolEvent('x', payload(scene, serverConnection(changes))).connection;
  };

  it('may lack the cookie', () => {
    expect(connectionOf({ SessionCookie: null })).toMatchObject({ port: 9999, cookie: null });
    expect(connectionOf({ SessionCookie: { Name: 'session', Value: '' } })?.cookie).toBeNull();
  });

  it('may have an empty host, which is how Stash says "all"', () => {
    expect(connectionOf({ Host: '' })?.host).toBe('');
  });

  it.each([
    { Scheme: 'ftp' },
    { Host: 5 },
    { Port: 0 },
    { Port: 65_536 },
    { Port: '9999' },
    { Dir: '' },
    { Dir: null },
  ])('is refused with %j', (changes) => {
    expect(connectionOf(changes)).toBeNull();
  });
});
