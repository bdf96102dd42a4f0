// Makes the pictures of the page in docs/screenshots: every tab, empty and full, wide and narrow.
//   npm run screenshots [-- <part of a name> …]
// Chromium's own pictures are large for what they show: they are kept in few colours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sizes } from '../test/page/support/browser.ts';
import { openPageWorld, type PageWorld } from '../test/page/support/pageWorld.ts';
import {
  addWithoutItem,
  fillDay,
  fillHistory,
  giveUp,
} from '../test/page/support/seeds/overview.ts';
import { fillQueue, pause } from '../test/page/support/seeds/queue.ts';
import { addScenes } from '../test/page/support/seeds/scenes.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');
const wanted = process.argv.slice(2);
const tabs = ['overview', 'queue', 'problems', 'coverage', 'outages', 'history', 'setup'];

async function take(world: PageWorld, state: 'empty' | 'full', tab: string): Promise<void> {
  for (const size of ['wide', 'narrow'] as const) {
    const name = `${tab}-${state}-${size}`;
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const { page, complaints } = await world.open(tab === 'overview' ? '' : tab, size);
    await settled(page);
    const { width } = sizes[size];
    const bytes = await page.screenshot({
      clip: { x: 0, y: 0, width, height: sizes[size].height },
      animations: 'disabled',
    });
    writeFileSync(join(folder, `${name}.png`), bytes);
    console.log(`${name}: ${Math.round(bytes.length / 1024)} KB`, ...complaints);
    await page.context().close();
  }
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
    if (state === 'full') await fill(world);
    for (const tab of tabs) await take(world, state, tab);
  } finally {
    await world.close();
  }
}

async function fill(world: PageWorld): Promise<void> {
  await world.configure();
  pause(world);
  const scenes = addScenes(world, 40);
  addWithoutItem(world);
  fillDay(world);
  fillHistory(world, scenes.slice(0, 12));
  giveUp(world, scenes.slice(12, 15));
  fillQueue(world, scenes.slice(15, 30));
}
