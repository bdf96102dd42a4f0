// Makes the pictures of the page in docs/screenshots: every tab, empty and full, wide and narrow.
//   npm run screenshots [-- <part of a name> …]
// Chromium's own pictures are large for what they show: they are kept in few colours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { smallPng } from './smallPng.ts';
import { until } from '../test/helpers/wait.ts';
import type { sizes } from '../test/page/support/browser.ts';
import { openPageWorld, type PageWorld } from '../test/page/support/pageWorld.ts';
import { addWithoutItem, fillDay, fillHistory } from '../test/page/support/seeds/overview.ts';
import { fillPushes } from '../test/page/support/seeds/history.ts';
import { fillOutages } from '../test/page/support/seeds/outages.ts';
import { addUndecided, fillProblems } from '../test/page/support/seeds/problems.ts';
import { fillQueue, pause } from '../test/page/support/seeds/queue.ts';
import { addScenes, type SeededScene } from '../test/page/support/seeds/scenes.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');
const wanted = process.argv.slice(2);
const tabs = ['overview', 'queue', 'problems', 'coverage', 'outages', 'history', 'setup'];

async function take(world: PageWorld, state: 'empty' | 'full', tab: string): Promise<void> {
  for (const size of ['wide', 'narrow'] as const) {
    const name = `${tab}-${state}-${size}`;
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const { page, complaints } = await world.open(tab === 'overview' ? '' : tab, size);
    await settled(page);
    await keep(page, name);
    for (const complaint of complaints) console.log(complaint);
    await page.context().close();
  }
}

async function keep(page: Page, name: string): Promise<void> {
  const bytes = smallPng(await page.screenshot({ animations: 'disabled' }));
  writeFileSync(join(folder, `${name}.png`), bytes);
  console.log(`${name}: ${Math.round(bytes.length / 1024)} KB`);
}

/** All data is there. */
async function settled(page: Page): Promise<void> {
  await page.locator('.plexsync-tabs .active').waitFor();
  await page.waitForFunction(
    `document.querySelector('[aria-busy="true"], .plexsync-blank') === null`,
  );
  await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => {});
}

mkdirSync(folder, { recursive: true });
for (const state of ['empty', 'full'] as const) {
  const world = await openPageWorld();
  try {
    if (state === 'full') {
      // What a person sees on most days.
      const seeded = await work(world);
      await take(world, state, 'overview');
      await trouble(world, seeded);
    }
    for (const tab of tabs) {
      if (state === 'empty' || tab !== 'overview') await take(world, state, tab);
    }
  } finally {
    await world.close();
  }
}

interface Seeded {
  readonly scenes: readonly SeededScene[];
  /** Scenes about which PlexSync will ask. */
  readonly undecided: readonly number[];
}

/** PlexSync at rest after a day of work, and one scene that was changed on both sides since. */
async function work(world: PageWorld): Promise<Seeded> {
  await world.configure();
  // Before PlexSync looks through Plex.
  const scenes = addScenes(world, 240);
  const undecided = addUndecided(world);
  const [{ sceneId, ratingKey } = { sceneId: 0, ratingKey: '' }] = world.addPairs(1);
  fillDay(world);
  fillHistory(world, scenes.slice(0, 12));
  fillPushes(world, scenes.slice(0, 12));
  await world.save(sceneId, { title: 'Night Train', details: 'A long night on rails.' });
  await until('it is pushed', () => world.plex.library.item(ratingKey)?.title === 'Night Train');
  await until('it is recorded', () => {
    const { queue, extras } = world.status();
    return queue.pending + queue.inFlight + extras.waiting === 0;
  });
  // Stash does not know them: the first look through Plex would find that out.
  addWithoutItem(world);
  world.plex.library.setByPerson(ratingKey, { summary: 'A short night on rails.' });
  world.stash.store.changeScene(sceneId, { title: 'Night Train (2019)' }, { touch: true });
  for (const size of ['wide', 'narrow'] as const) await takeScene(world, sceneId, size);
  return { scenes, undecided };
}

/** What needs a person, and what waits: that it does so for the picture, PlexSync is paused. */
async function trouble(world: PageWorld, { scenes, undecided }: Seeded): Promise<void> {
  for (const id of undecided) await world.save(id, { organized: true });
  await until('a person is asked', () => world.status().scenes.withoutItem['review'] === 2);
  pause(world);
  addWithoutItem(world);
  fillProblems(world, scenes.slice(12, 18));
  fillOutages(world);
  fillQueue(world, scenes.slice(18, 34));
}

async function takeScene(world: PageWorld, scene: number, size: keyof typeof sizes): Promise<void> {
  const { page } = await world.open(`/scenes/${scene}`, size);
  await page.getByRole('tab', { name: 'PlexSync' }).click();
  await page.locator('.plexsync-diff').waitFor();
  await keep(page, `scene-full-${size}`);
  await page.context().close();
}
