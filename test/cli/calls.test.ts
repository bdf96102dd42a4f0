// How the command line is called: help, mistakes, the data directory, text and JSON.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { statusSchema } from '../../src/contract/status.ts';
import { raiseScene } from '../../src/store/queue/queue.ts';
import { recordNoItem } from '../../src/store/mirror/sceneState.ts';
import * as state from '../../src/store/file/state.ts';
import { addReview, makePlace, t0 } from './support.ts';

const names = commands.map(({ name }) => name);

describe('plexsync', () => {
  it('lists every command, option and exit code when asked for help', async () => {
    const place = makePlace();
    const help = await place.plexsync('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const name of names) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const told of ['pin <scene> <item>', '--data <directory>', '--json', 'PLEXSYNC_DATA']) {
      expect(help.stdout).toContain(told);
    }
    expect((await place.plexsync('-h')).stdout).toBe(help.stdout);
    expect((await place.plexsync('help')).stdout).toBe(help.stdout);
  });

  it.each(names)('explains the command %s in three ways', async (name) => {
    const place = makePlace();
    const help = await place.plexsync(name, '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^plexsync ${name}\\b`));
    expect((await place.plexsync('--help', name)).stdout).toBe(help.stdout);
    expect((await place.plexsync('help', name)).stdout).toBe(help.stdout);
  });

  it('called with nothing shows the help as an error, so that no script takes it for an answer', async () => {
    const { code, stdout, stderr } = await makePlace().plexsync();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('plexsync <command>');
  });

  it.each([
    ['stauts', 'status'],
    ['mapings', 'mappings'],
    ['unipn', 'unpin'],
    ['map', 'mappings'],
  ])('takes %s for a mistyped %s', async (typed, meant) => {
    const { code, stdout, stderr } = await makePlace().plexsync(typed);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `There is no command "${typed}". Did you mean "${meant}"? plexsync --help lists all.\n`,
    );
  });

  it('guesses nothing where no command is near', async () => {
    const { code, stderr } = await makePlace().plexsync('constructor');
    expect(code).toBe(2);
    expect(stderr).toBe('There is no command "constructor". plexsync --help lists all.\n');
  });

  it.each([
    [['pin', '12'], 'It is called: plexsync pin <scene> <item>'],
    [['pin', '12', '345', '6'], 'It is called: plexsync pin <scene> <item>'],
    [['pin', 'abc', '345'], 'The argument "scene" must be the number of a scene in Stash.'],
    [['pin', '12', '0'], 'The argument "item" must be the number of an item in Plex'],
    [['never', '1.5'], 'The argument "scene" must be the number of a scene in Stash.'],
    [['review', '--limit', '501'], 'The argument "limit" must be a whole number from 1 to 500.'],
    [['status', '--limit', '5'], "Unknown option '--limit'. It is called: plexsync status"],
    [['review', '--limit'], "'--limit <value>'"],
    [['mappings', '--jsn'], "Unknown option '--jsn'. It is called: plexsync mappings"],
    [['worker'], 'which data directory?'],
    [['retry'], 'The argument "keys" must be given, or cause, or all: one of the three.'],
    [['retry', '--all', '--keys', '12'], 'must be given, or cause, or all: one of the three.'],
    [['first', '--keys', '12,scene:x'], 'The argument "keys" must be keys such as scene:12'],
    [['remove', '--keys', '12'], 'The argument "list" is missing.'],
    [['remove', '--keys', '12', '--list', 'all'], '"list" must be queue, dead-letters or extras.'],
    [['purge', '--cause', 'plex-rest'], 'The argument "cause" must be of these, by comma: plex-'],
    [['purge', '--days', '0'], 'The argument "days" must be a whole number from 1 to 36500.'],
    [['clear', '--yes', 'please'], 'It is called: plexsync clear [--yes]'],
    [['waiting', '--reason', 'gone'], 'The argument "reason" must be of these, by comma: no-file'],
  ])('%j is called wrongly, and it says how', async (args, told) => {
    const { code, stdout, stderr } = await makePlace().plexsync(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });
});

describe('the data directory', () => {
  it('is found from the plugin’s folder, whatever the current directory', async () => {
    const place = makePlace();
    expect(await place.plexsync('status')).toMatchObject({ code: 0, stderr: '' });
    expect(await place.call(['status'], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
  });

  it('is found where plugins lie in folders of folders, and told by option, variable or operand', async () => {
    const place = makePlace();
    place.withStore((db) => raiseScene(db, 7, t0, 'choice', 'c'));
    const deep = join(place.config, 'plugins', 'community', 'more', 'plex-sync');
    mkdirSync(deep, { recursive: true });
    writeFileSync(
      join(deep, 'plex-sync.cjs'),
      `require(${JSON.stringify(join(place.plugin, 'plex-sync.cjs'))});`,
    );
    const elsewhere = join(place.root, 'a', 'b', 'c', 'd', 'e', 'plex-sync');
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(
      join(elsewhere, 'plex-sync.cjs'),
      `require(${JSON.stringify(join(place.plugin, 'plex-sync.cjs'))});`,
    );
    const from = (folder: string): readonly [string, string] => [
      process.execPath,
      join(folder, 'plex-sync.cjs'),
    ];
    const found = await place.call(['status'], { command: from(deep) });
    expect(found.stdout).toContain('1 change waits');

    const lost = await place.call(['status'], { command: from(elsewhere) });
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain(`was not found around ${elsewhere}`);
    expect(lost.stderr).toContain('--data <directory>');
    expect(lost.stderr).toContain('PLEXSYNC_DATA');

    const how = { command: from(elsewhere) };
    for (const told of [
      await place.call(['status', '--data', place.data], how),
      await place.call([`--data=${place.data}`, 'status'], how),
      await place.call(['status', place.data], how),
      await place.call(['status'], { ...how, env: { PLEXSYNC_DATA: place.data } }),
    ]) {
      expect(told).toMatchObject({ code: 0, stdout: found.stdout });
    }
  });

  it('mistyped is an error and not an empty one in which nothing waits', async () => {
    const place = makePlace();
    const { code, stdout, stderr } = await place.plexsync('status', '--data', place.config);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `${place.config} is no data directory of PlexSync. It is the folder plex-sync beside Stash’s config.yml. Did you mean ${place.data}?\n`,
    );
  });
});

describe('plexsync status', () => {
  it('is for people: the sentence, what is wrong, what waits for a choice, what has no item and why', async () => {
    const place = makePlace();
    place.withStore((db) => {
      for (const scene of [1, 2, 3]) addReview(db, { scene, candidates: [] });
      recordNoItem(db, 4, 'outside', false, t0);
      recordNoItem(db, 5, 'no-file', false, t0);
      recordNoItem(db, 6, 'no-file', false, t0);
      state.writeState(db, state.problems, [{ setting: 'plexUrl', message: 'is empty.' }]);
    });
    const { code, stdout, stderr } = await place.plexsync('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringContaining('Nothing is pushed until plexUrl is put right'),
      'plexUrl: is empty.',
      '3 scenes wait for your choice: plexsync review',
      'no-file: 2 scenes without a Plex item, each because Stash has no file for it. Have Stash scan the folder of the file, if there should be one.',
      expect.stringMatching(
        /^outside: 1 scene without a Plex item, because its files lie outside .*\. Right for files/,
      ),
    ]);
  });

  it('wakes a worker for what it takes out of the spool, and else nobody', async () => {
    const place = makePlace();
    await place.plexsync('status');
    expect(place.woken()).toEqual([]);
    const event = { args: { hookContext: { id: 7, type: 'Scene.Update.Post', input: null } } };
    const name = 'Scene.Update.Post-7-1.1-999999999-0';
    writeFileSync(join(place.data, 'spool', name), `${JSON.stringify(event)}\n`);
    expect((await place.plexsync('status')).stdout).toContain('1 change waits');
    expect(place.woken()).toEqual([place.data]);
  });

  it('is one document for a program, the same that Stash is answered', async () => {
    const { code, stdout, stderr } = await makePlace().plexsync('status', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(v.parse(statusSchema, JSON.parse(stdout)).scenes.matched).toBe(0);
  });
});

describe('the secrets of the data file', () => {
  it('appear in no command’s answer, error or log', async () => {
    const place = makePlace();
    const secrets = ['cookie-of-the-session', 'key-of-stash-s-api'] as const;
    place.withStore((db) => {
      const server = { scheme: 'http', host: '127.0.0.1', port: 1, pluginDir: '' } as const;
      const cookie = { name: 'session', value: secrets[0] };
      state.writeState(db, state.connection, { ...server, cookie, apiKey: secrets[1] });
      addReview(db, { scene: 12, candidates: [{ item: '345', score: 70 }] });
    });
    const calls = [['status'], ['review'], ['mappings'], ['pin', '12', '345'], ['never', '12']];
    for (const args of [...calls, ['unpin', '12']]) {
      for (const form of [[], ['--json']]) {
        const { stdout, stderr } = await place.plexsync(...args, ...form);
        for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
      }
    }
    const log = readFileSync(join(place.data, 'plex-sync.log'), 'utf8');
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});
