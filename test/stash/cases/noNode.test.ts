// A real Stash on a machine without a Node, as its official image is: saves are as fast as ever and are kept, the page
// tells how far the fetch is and goes on by itself, and what was saved arrives.
import type { Browser } from 'playwright-core';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NoNode, withoutNode } from '../../helpers/noNode.ts';
import { until } from '../../helpers/wait.ts';
import { hasChromium, inChromium, openPage, startBrowser } from '../../page/support/browser.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { onPath } from '../harness/process.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

describe.skipIf(!hasChromium)(`a real Stash without a Node, ${inChromium}`, () => {
  let machine: NoNode;
  let world: RealWorld;
  let browser: Browser;
  showLogsOfFailures(() => world);
  beforeAll(async () => {
    machine = withoutNode();
    world = await openRealWorld({ env: machine.env });
    machine.hide(join(world.stash.pluginsFolder, 'plex-sync'));
    await world.mutate('mutation { configureUISetting(key: "lastNoteSeen", value: 29991231) }');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
    machine?.remove();
  });

  test('a hundred saves while one is fetched; the page tells how it stands; then all arrive', async () => {
    expect(onPath('ffmpeg')).not.toBe('');
    machine.python(
      'mkdir -p "$target"; head -c 40000000 /dev/urandom >"$target/part"; until [ -e "$root/go" ]; do sleep 0.1; done; install',
    );
    const edited = world.pairs.slice(0, 100);
    const first = await world.bulkEdit(edited, { director: 'Kept' });
    await until('it is being fetched', () => machine.fetches() === 1);
    const second = await world.bulkEdit(edited, { director: 'Kept without a Node' });
    console.log(
      `100 scenes in a bulk edit: ${first.toFixed(0)} ms as the fetch begins, ${second.toFixed(0)} ms while it goes on`,
    );
    const { page } = await openPage(browser, `${world.face.url}/plugins/plex-sync`);
    await page.getByRole('heading', { name: 'PlexSync is fetching Node' }).waitFor();
    await page.getByText(/[34]\d of about 270 MB, after \d+ s\./).waitFor();
    machine.go();
    await page
      .locator('.plexsync-sentence')
      .getByText(/In sync/)
      .waitFor({ timeout: 60_000 });
    await until('all arrived', () =>
      edited.every((pair) => world.item(pair).directors.includes('Kept without a Node')),
    );
    expect(machine.fetches()).toBe(1);
    const third = await world.bulkEdit(edited, { director: 'With a Node' });
    console.log(`… and ${third.toFixed(0)} ms with a worker at work`);
    await until('all arrived again', () =>
      edited.every((pair) => world.item(pair).directors.includes('With a Node')),
    );
    // Stash logs each error that an operation answers, the page's questions among them.
    const others = world.complaints().filter((line) => !line.includes('PlexSync needs Node'));
    expect(others).toEqual([]);
  });
});
