// The health check on a real pair of simulated servers, in every way in which they can fail: the
// step that fails is the right one, says what to do, and no other is blamed.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type HealthAnswer, healthAnswer, type HealthStep } from '../../../src/contract/health.ts';
import { librariesAnswer } from '../../../src/contract/libraries.ts';
import * as state from '../../../src/store/file/state.ts';
import { writeState } from '../../../src/store/file/state.ts';
import { rowsOf, sectionOf, textOf } from '../../docs/support.ts';
import { until } from '../../helpers/wait.ts';
import { openWorld, type World } from '../../helpers/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.configure();
  world.withStore((db) => {
    writeState(db, state.connection, {
      scheme: 'http',
      host: '127.0.0.1',
      port: world.stash.port,
      cookie: null,
      apiKey: null,
      pluginDir: '',
    });
  });
});
afterEach(async () => {
  await world.close();
});

async function check(): Promise<HealthAnswer> {
  const answer = v.parse(healthAnswer, await world.choose('health', {}));
  expect(JSON.stringify(answer)).not.toContain(world.plex.token);
  for (const { state, wayOut, finding } of answer.steps) {
    if (state === 'fail')
      expect([finding, wayOut]).toEqual([finding, expect.stringMatching(/.../)]);
  }
  return answer;
}

function stepOf({ steps }: HealthAnswer, name: string): HealthStep {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

const namesOf = ({ steps }: HealthAnswer, state: HealthStep['state']): readonly string[] =>
  steps.filter((step) => step.state === state).map(({ name }) => name);

/** Something that answers and is not Plex. */
async function somethingElse(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.statusCode = status;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('[1.5 HLTH-01] the health check of a pair that works', () => {
  it('finds nothing wrong after a scene was pushed, and writes nothing', async () => {
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new Error('no pair');
    world.startWorker();
    world.edit(pair.sceneId, { title: 'Pushed' });
    await until('it is there', () => world.titled([pair], 'Pushed') === 1);
    await world.settled();
    await until('the files were compared', () =>
      world.withStore((db) => state.readState(db, state.mapping) !== null),
    );
    const writes = world.plex.counts().writes;
    const answer = await check();
    expect(answer.healthy).toBe(true);
    expect(namesOf(answer, 'fail')).toEqual([]);
    expect(namesOf(answer, 'skipped')).toEqual([]);
    // As docs/operations.md lists them.
    const page = sectionOf(textOf('docs/operations.md'), 'The health check');
    const listed = rowsOf(page, /^(?!step$)[a-z]+$/).map(([name]) => name);
    expect(namesOf(answer, 'ok')).toEqual(listed);
    expect(answer.sentence).toBe('Nothing is wrong: 15 things were looked at.');
    expect(world.plex.counts().writes).toBe(writes);
  });

  it('warns where nothing has been done yet, without calling that wrong', async () => {
    const answer = await check();
    expect(answer.healthy).toBe(true);
    expect(namesOf(answer, 'warn')).toEqual(['mappings', 'pushing']);
    expect(answer.sentence).toContain('Worth a look: mappings, pushing.');
  });
});

describe('[1.5 HLTH-01] the health check names as wrong', () => {
  it.each([
    ['maintenance', { maintenance: true }, 'plex', /503.*Wait/],
    ['errors for everything', { failEverything: { status: 500 } }, 'plex', /500/],
    ['a token that was revoked', { unauthorized: true }, 'token', /plexToken/],
    ['a token that is not the owner’s', { guestToken: true }, 'owner', /owner.*plexToken/],
    ['answers that are cut off', { truncateBody: { how: 'cut' as const } }, 'plex', /port/],
  ])('%s', async (_, fault, name, words) => {
    Object.assign(world.plex.switches, fault);
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual([name]);
    const { finding, wayOut } = stepOf(answer, name);
    expect(`${finding} ${wayOut ?? ''}`).toMatch(words);
    expect(answer.sentence).toContain(`Wrong: ${name}.`);
  });

  it('a Plex that takes the request and never answers, within the time limit that is set', async () => {
    await world.configure({ plexReadTimeout: 0.2 });
    world.plex.switches.hang = true;
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['plex']);
    expect(stepOf(answer, 'plex').finding).toContain('did not answer it in time');
    expect(namesOf(answer, 'skipped')).toEqual(['token', 'owner', 'libraries']);
  }, 30_000);

  it('a Plex that is away, with what localhost means in a container', async () => {
    await world.plex.goAway();
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['plex']);
    expect(stepOf(answer, 'plex').wayOut).toMatch(/127\.0\.0\.1.*container/);
    await world.plex.comeBack();
  });

  it.each([
    [200, '<html>Hello</html>'],
    [404, 'nothing here'],
    [401, 'log in first'],
    [200, '{"MediaContainer":{"size":0}}'],
  ])('a port at which something else answers: %i %s', async (status, body) => {
    await world.configure({ plexUrl: await somethingElse(status, body) });
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['plex']);
    expect(stepOf(answer, 'plex').wayOut).toContain('Something else than Plex answers there');
  });

  it('https where Plex speaks http', async () => {
    await world.configure({ plexUrl: world.plex.url.replace('http:', 'https:') });
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['plex']);
    expect(stepOf(answer, 'plex').wayOut).toContain('http:// instead of https://');
  });

  it('libraries that Plex has not, or that are of another type', async () => {
    world.plex.library.addSection({ title: 'Songs', type: 'artist', locations: ['/songs'] });
    await world.configure({ plexLibraries: 'Vidoes, Songs' });
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['libraries']);
    const { finding } = stepOf(answer, 'libraries');
    expect(finding).toContain('"Vidoes"');
    expect(finding).toContain('"Songs", a library of type artist');
  });

  it('all settings that are wrong, and leaves Plex alone then', async () => {
    await world.configure({ plexToken: '', plexRequestsPerSecond: -1 });
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['settings']);
    const { finding } = stepOf(answer, 'settings');
    expect(finding).toContain('plexToken');
    expect(finding).toContain('plexRequestsPerSecond');
    expect(stepOf(answer, 'plex')).toMatchObject({ state: 'skipped' });
    expect(world.plex.accessLog).toHaveLength(0);
  });

  it('a Stash that is away, and one that it was never told of', async () => {
    await world.stash.close();
    const away = await check();
    expect(namesOf(away, 'fail')).toEqual(['stash']);
    expect(stepOf(away, 'stash').wayOut).toContain('Is Stash running?');
    world.withStore((db) => state.clearState(db, state.connection));
    const unknown = await check();
    expect(namesOf(unknown, 'fail')).toEqual(['stash']);
    expect(stepOf(unknown, 'stash').wayOut).toContain('Save any scene');
  });

  /** An edit waits, Plex is there, and nobody is at work. */
  const leaveOneWaiting = async (): Promise<void> => {
    const [pair] = world.addPairs(1);
    const worker = world.startWorker();
    await world.plex.goAway();
    world.edit(pair?.sceneId ?? 0, { title: 'Waits' });
    await until('it waits', () => world.status().plex.circuit === 'open');
    await worker.stop();
    await world.plex.comeBack();
  };

  it('what waits without a worker because that could not be started, with the reason', async () => {
    await leaveOneWaiting();
    writeFileSync(join(world.data, 'supervisor.log'), 'long ago\nlast with code 1: Error: so\n');
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['worker']);
    expect(stepOf(answer, 'worker').finding).toMatch(/said last: last with code 1: Error: so$/);
  });

  it('what waits without a worker because no Node was found', async () => {
    await leaveOneWaiting();
    writeFileSync(join(world.data, 'no-runtime'), 'node is of version 18\n');
    const answer = await check();
    expect(namesOf(answer, 'fail')).toEqual(['worker']);
    expect(stepOf(answer, 'worker').finding).toContain('node is of version 18');
    expect(stepOf(answer, 'pushing')).toMatchObject({ state: 'warn' });
    expect(stepOf(answer, 'pushing').finding).toContain('Plex has been away');
  });
});

describe('[1.5 HLTH-01] the health check warns', () => {
  it('of the agent Plex Movie, which changes what it finds', async () => {
    world.plex.library.addSection({
      title: 'Films',
      agent: 'tv.plex.agents.movie',
      locations: ['/films'],
    });
    const answer = await check();
    expect(answer.healthy).toBe(true);
    expect(stepOf(answer, 'libraries')).toMatchObject({ state: 'warn' });
    expect(stepOf(answer, 'libraries').finding).toContain(
      'The library "Films" uses the agent tv.plex.agents.movie',
    );
  });
});

describe('[1.0 MATCH-01] the libraries to choose from', () => {
  it('are those that Plex has now, with which are kept in step and what to know of them', async () => {
    const answer = v.parse(librariesAnswer, await world.choose('libraries', {}));
    expect(JSON.stringify(answer)).not.toContain(world.plex.token);
    const chosen = answer.libraries.filter(({ chosen }) => chosen);
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.every(({ usable, type }) => usable && type === 'movie')).toBe(true);
    expect(chosen[0]?.folders.length).toBeGreaterThan(0);
    expect(answer.problems).toEqual([]);
    await world.configure({ plexLibraries: 'Nowhere' });
    const wrong = v.parse(librariesAnswer, await world.choose('libraries', {}));
    expect(wrong.libraries.some(({ chosen }) => chosen)).toBe(false);
    expect(wrong.problems).toEqual([expect.stringContaining('names "Nowhere"')]);
  });

  it('are an error with the way out where Plex or the settings do not let them be asked', async () => {
    await world.configure({ plexUrl: '' });
    await expect(world.choose('libraries', {})).rejects.toThrow(/plexUrl/);
  });
});
