// The page where there is no Node: how far the fetch is, why it failed and what helps, and by itself the usual view once
// there is one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NoNode, withoutNode } from '../helpers/noNode.ts';
import { until } from '../helpers/wait.ts';
import type { Pair } from '../helpers/world.ts';
import {
  hasChromium,
  inChromium,
  type OpenedPage,
  overflows,
  sizes,
  violations,
} from './support/browser.ts';
import { openPageWorld, type PageWorld } from './support/pageWorld.ts';

describe.skipIf(!hasChromium)(`the page without a Node, ${inChromium}`, () => {
  let world: PageWorld;
  let machine: NoNode;
  let opened: OpenedPage;
  let pairs: readonly Pair[] = [];
  beforeAll(async () => {
    machine = withoutNode();
    world = await openPageWorld({ env: machine.env });
    machine.hide(world.pluginFolder);
    await world.configure();
    pairs = world.addPairs(1);
    opened = await world.open('history');
  });
  afterAll(async () => {
    await world?.close();
    machine?.remove();
  });

  const title = (name: string): Promise<void> =>
    opened.page.getByRole('heading', { name, exact: true }).waitFor({ timeout: 60_000 });

  it('says that there is no Python to fetch one with, what helps, and nothing else', async () => {
    const { page } = opened;
    await title('PlexSync needs Node');
    const card = page.locator('.plexsync-node');
    await card.getByText(/takes Python 3 with pip, and there is no python3 on the PATH/).waitFor();
    await card.getByText(/Alpine: apk add py3-pip/).waitFor();
    await card.getByText(/PLEXSYNC_NODE/).waitFor();
    expect(await page.locator('.plexsync-trouble').count()).toBe(0);
    expect(await violations(page, '.plexsync')).toEqual([]);
    await page.setViewportSize(sizes.narrow);
    expect(await overflows(page)).toBe(false);
    await page.setViewportSize(sizes.wide);
  });

  it('says why a fetch failed, when it is tried again, and what helps', async () => {
    const { page } = opened;
    machine.python('echo "ERROR: OSError: [Errno 28] No space left on device" >&2; exit 1');
    await page.getByRole('button', { name: 'Try now' }).click();
    await title('PlexSync could not fetch Node');
    const card = page.locator('.plexsync-node');
    await card.getByText(/No space left on device\. It tries again in 10 minutes\./).waitFor();
    await card.getByText(/Room on the disk/).waitFor();
    machine.python(
      `echo "WARNING: connection broken by 'ProxyError('" >&2; echo "ERROR: none" >&2; exit 1`,
    );
    await page.getByRole('button', { name: 'Try now' }).click();
    await card.getByText(/proxy that HTTPS_PROXY names does not let pip through; none/).waitFor();
    await card.getByText(/^The proxy put right/).waitFor();
    expect(await card.getByText(/py3-pip/).count()).toBe(0);
    expect(await violations(page, '.plexsync')).toEqual([]);
    expect(machine.fetches()).toBe(2);
  });

  it('tries again when told so, tells how far it is, and goes on by itself; what was saved arrives', async () => {
    const { page, complaints } = opened;
    const [pair] = pairs;
    await world.save(pair?.sceneId ?? 0, { title: 'Saved without a Node' });
    machine.python(
      'mkdir -p "$target"; head -c 40000000 /dev/urandom >"$target/part"; until [ -e "$root/go" ]; do sleep 0.1; done; install',
    );
    await page.getByRole('button', { name: 'Try now' }).click();
    await title('PlexSync is fetching Node');
    const card = page.locator('.plexsync-node');
    await card.getByText(/[34]\d of about 270 MB, after \d+ s\./).waitFor();
    await card.getByRole('progressbar', { name: 'Node that has come' }).waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
    expect(await violations(page, '.plexsync')).toEqual([]);
    machine.go();
    await page.locator('.plexsync-history, table').first().waitFor({ timeout: 60_000 });
    expect(await card.count()).toBe(0);
    await until('it arrives', () => {
      const item = world.plex.library.item(pair?.ratingKey ?? '');
      return item?.title === 'Saved without a Node';
    });
    await page.getByText('Saved without a Node').first().waitFor();
    expect(machine.fetches()).toBe(3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
