// The tab Setup: from nothing to the first scene in Plex, and the settings from then on.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { problems, writeState } from '../../src/store/file/state.ts';
import { hasChromium, inChromium, overflows, violations } from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';

const answered = v.object({
  data: v.object({
    configuration: v.object({
      plugins: v.object({ 'plex-sync': v.record(v.string(), v.unknown()) }),
    }),
  }),
});

const hostile = '<img src=x onerror="document.title=1"> & <b>Rain</b>';

describe.skipIf(!hasChromium)(`setting PlexSync up, ${inChromium}`, () => {
  let world: PageWorld;
  let scenes: readonly { sceneId: number; ratingKey: string }[];
  beforeAll(async () => {
    world = await openPageWorld();
    scenes = world.addPairs(3);
    for (const { sceneId } of scenes) {
      const title = `${hostile} ${sceneId}`;
      world.stash.store.changeScene(sceneId, { title, details: 'A long night.' }, { touch: true });
    }
  });
  afterAll(() => world.close());

  const writes = (): number => world.plex.accessLog.filter(({ method }) => method !== 'GET').length;
  const titleOf = (at: number): string | undefined =>
    world.plex.library.item(scenes[at]?.ratingKey ?? '')?.title;
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

  it('[1.0 VALID-03] [1.4 ADV-01] goes step by step, says what failed and why, and writes nothing to Plex but the scene that is tried, on a click', async () => {
    const { page, complaints } = await world.open('', 'narrow');
    await page.getByText('No Plex was found at').waitFor();
    const address = page.getByLabel('Or type the address');
    await address.fill('http://localhost:1');
    await button(page, 'Use this address').click();
    await page.getByText('localhost is Stash’s own container').waitFor();
    await address.fill(`${world.plex.url}/`);
    await address.press('Enter');

    // A change that is saved in Stash meanwhile waits.
    const token = page.getByLabel('Token', { exact: true });
    expect(await token.getAttribute('type')).toBe('password');
    await token.fill('wrong');
    await button(page, 'Save and test').click();
    await page.getByText('answered 401', { exact: false }).waitFor();
    await world.save(scenes[2]?.sceneId ?? 0, { title: 'Saved meanwhile' });
    await button(page, 'Change the token').click();
    await token.fill(world.plex.token);
    await button(page, 'Save and test').click();
    await page.getByText('nothing is written to Plex but a scene that you try').waitFor();

    await page.getByLabel('Videos').waitFor();
    await button(page, 'Use these').click();
    await page.getByText('3 of 3 files of Stash’s lie where Plex has them.').waitFor();
    await page.reload();
    await button(page, 'Go on').click();

    await button(page, `Show what would change: ${hostile} 1`).click();
    await page.getByText('Its item in Plex: “scanned 1” in Videos').waitFor();
    const write = button(page, /^Write \d+ fields to Plex$/);
    await write.waitFor();
    expect(await page.title()).toBe('PlexSync');
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(await overflows(page)).toBe(false);
    expect(writes()).toBe(0);
    await write.click();
    await page.getByText('Written. Have a look at it in Plex.').waitFor();
    expect(titleOf(0)).toBe(`${hostile} 1`);
    await button(page, 'Go on').click();
    await page.getByText('3 scenes looked at.').waitFor();
    await page.getByText('Replaces 2 titles that the scanner made.').waitFor();
    expect([titleOf(1), titleOf(2)]).toEqual(['scanned 2', 'scanned 3']);
    await button(page, 'Sync all 3 scenes').click();
    // It was begun on the overview, which is itself again.
    await page.getByRole('heading', { name: 'Last 24 hours' }).waitFor();
    await expect.poll(() => titleOf(2), { timeout: 20_000 }).toBe('Saved meanwhile');
    await expect.poll(() => titleOf(1), { timeout: 20_000 }).toBe(`${hostile} 2`);
    expect(await page.content()).not.toContain(world.plex.token);
    expect(complaints).toEqual([]);
    await page.context().close();
    // Seven steps, each with a process of its own: on a busy machine they take their time.
  }, 180_000);

  it('signs in with Plex where the browser reaches plex.tv, and says so where it does not', async () => {
    const { page } = await world.open('setup?step=token');
    // The setup is done: it is gone through again.
    await button(page, 'Go through the setup again').click();
    const offer = button(page, 'No token at hand? Sign in with Plex');
    await page.route('https://plex.tv/**', (route) => route.abort());
    await offer.click();
    await page.getByText('This browser does not reach plex.tv').waitFor();
    await page.unroute('https://plex.tv/**');
    const clients = new Set<string | undefined>();
    let asked = 0;
    await page.route('https://plex.tv/api/v2/pins**', async (route) => {
      const request = route.request();
      const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      if (request.method() === 'OPTIONS') return await route.fulfill({ status: 204, headers });
      clients.add(request.headers()['x-plex-client-identifier']);
      if (request.method() === 'POST') {
        expect(request.url()).toBe('https://plex.tv/api/v2/pins?strong=true');
        return await route.fulfill({ json: { id: 7, code: 'a b' }, headers });
      }
      expect(request.url()).toBe('https://plex.tv/api/v2/pins/7?code=a+b');
      asked += 1;
      const authToken = asked < 2 ? null : world.plex.token;
      return await route.fulfill({ json: { id: 7, authToken }, headers });
    });
    await offer.click();
    const link = page.getByRole('link', { name: 'Open plex.tv' });
    const href = await link.getAttribute('href');
    await page.getByText('Plex answers', { exact: false }).or(page.getByLabel('Videos')).waitFor();
    expect(clients.size).toBe(1);
    const [client] = clients;
    expect(href).toBe(
      `https://app.plex.tv/auth#?clientID=${client}&code=a+b&context%5Bdevice%5D%5Bproduct%5D=PlexSync`,
    );
    await button(page, 'Leave the setup').click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.context().close();
  });

  const stored = async (): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await world.stash.graphql(
      '{ configuration { plugins(include: ["plex-sync"]) } }',
      {},
    );
    return v.parse(answered, answer).data.configuration.plugins['plex-sync'];
  };

  it('[1.0 VALID-03] saves each setting by itself: what is wrong is not saved, and two browsers do not undo each other', async () => {
    await world.configure({ plexLibraries: 'Films' });
    world.seed((db) =>
      writeState(db, problems, [{ setting: 'plexUrl', message: 'is what the worker says.' }]),
    );
    const one = await world.open('setup');
    const two = await world.open('setup');
    const { page } = one;
    await page.getByText(/plexLibraries .*Films/).waitFor();
    await page.getByText('Plex address is what the worker says.').waitFor();
    const title = page.getByLabel('Title', { exact: true });
    await title.fill('{studio} - {titel}');
    await title.press('Enter');
    await page.getByText(/Not saved: .*titel/).waitFor();
    expect((await stored())['titleTemplate'] ?? '').toBe('');
    await title.fill('{studio} - {title}');
    await title.press('Enter');
    await page.getByText('Saved.').waitFor();

    // The other browser still shows what was there before.
    const other = two.page;
    await other.getByLabel('Number of tags').fill('12');
    await other.getByLabel('Number of tags').press('Tab');
    await other.getByText('Saved.').first().waitFor();
    await other.getByLabel('genres').selectOption('fill');
    await expect.poll(async () => (await stored())['fields']).toBe('genre: fill');
    expect(await stored()).toMatchObject({ titleTemplate: '{studio} - {title}', tagLimit: 12 });
    await page.getByLabel('Number of tags').fill('20');
    await page.getByLabel('Number of tags').press('Enter');
    await page.getByText('it was changed elsewhere meanwhile, to 12', { exact: false }).waitFor();
    expect((await stored())['tagLimit']).toBe(12);
    await button(page, 'Save mine').click();
    await expect.poll(async () => (await stored())['tagLimit']).toBe(20);

    expect(await page.getByLabel('Plex token').inputValue()).toBe('');
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflows(page)).toBe(false);
    world.host.fault = (body) =>
      body.includes('configurePlugin') ? { error: 'config.yml cannot be written.' } : 'pass';
    await page.getByLabel('Parent studio', { exact: false }).click({ force: true });
    await page.getByText('config.yml cannot be written.', { exact: false }).waitFor();
    world.host.fault = null;
    await button(page, 'Try again').click();
    await expect.poll(async () => (await stored())['parentStudio']).toBe(true);
    await page.context().close();
    await other.context().close();
  });

  it('masks the token on Stash’s own page of settings', async () => {
    const { page } = await world.open('/settings?tab=plugins');
    const token = page.locator('#plugin-plex-sync-plexToken');
    expect(await token.locator('input').getAttribute('type')).toBe('password');
    expect(await token.innerText()).not.toContain('value of plexToken');
    const others = page.locator('#plugin-other-plexToken, #plugin-plex-sync-plexUrl');
    expect(await others.first().innerText()).toContain('value of');
    expect(await others.nth(1).locator('input').getAttribute('type')).toBeNull();
    await page.context().close();
  });
});
