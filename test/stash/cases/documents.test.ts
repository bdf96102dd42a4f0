// What docs/setup.md tells a person to do in Stash is done as it is told, by the names that it gives:
// the folder copied, plugins reloaded, the page opened; or a source added and installed from.
import { chmodSync, cpSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { hasChromium, inChromium, openPage, startBrowser } from '../../page/support/browser.ts';
import { stashNames, stashTabs } from '../../docs/foreignNames.ts';
import { until } from '../../helpers/wait.ts';
import { plexsync } from '../harness/commandLine.ts';
import { showLogsOfFailures } from '../harness/failureLogs.ts';
import { type PackageSource, startPackageSource } from '../harness/packageSource.ts';
import { openRealWorld, type RealWorld } from '../harness/world.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

let world: RealWorld;
let source: PackageSource;
let browser: Awaited<ReturnType<typeof startBrowser>>;
showLogsOfFailures(() => world);

describe.skipIf(!hasChromium)(`the documents in a real Stash, ${inChromium}`, () => {
  beforeAll(async () => {
    const { plugin, root } = inject('realStash');
    source = await startPackageSource(plugin, root);
    source.publish('1.0.0', new Date('2026-01-01T00:00:00Z'));
    world = await openRealWorld({ installed: false });
    // Else the notes of Stash's release stand before everything.
    await world.mutate('mutation { configureUISetting(key: "lastNoteSeen", value: 29991231) }');
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
    await source?.close();
  });

  const seen = (page: Page, text: string) =>
    page.getByText(text, { exact: true }).locator('visible=true').first();
  const open = async (tab: string): Promise<Page> => {
    const { page } = await openPage(browser, `${world.face.url}/settings?tab=${tab}`);
    return page;
  };

  test('the folder copied without its run bits, plugins reloaded: the page is there, and it works', async () => {
    const target = join(world.stash.pluginsFolder, 'plex-sync');
    cpSync(inject('realStash').plugin, target, { recursive: true });
    for (const name of readdirSync(target)) chmodSync(join(target, name), 0o644);
    const page = await open('plugins');
    await page.getByRole('button', { name: 'Reload plugins' }).click();
    await page.getByText('Mirrors scene metadata to Plex').first().waitFor();
    await world.mutate('mutation { configurePlugin(plugin_id: "plex-sync", input: {}) }');
    await page.reload();
    await page
      .getByRole('link', { name: /^PlexSync/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Setup' }).click();
    await page.getByText('Where is Plex?').waitFor();
    await world.configure();
    await world.edit(world.pair(0), { title: 'By a copied folder' });
    await until('it is in Plex', () => world.item(world.pair(0)).title === 'By a copied folder');
  });

  test.each(Object.entries(stashNames))('Stash calls it so: settings, tab %s', async (tab, all) => {
    const page = await open(tab);
    for (const name of stashTabs) await seen(page, name).waitFor();
    // A choice of a list is not seen before the list is opened.
    const choice = (name: string) => page.locator('option', { hasText: name });
    for (const name of all) {
      await seen(page, name).or(choice(name)).first().waitFor({ state: 'attached' });
    }
    const documents = ['README.md', ...globSync('docs/*.md', { cwd: repository })]
      .map((path) => readFileSync(join(repository, path), 'utf8'))
      .join('\n');
    for (const name of all) expect(documents.replace(/\s+/g, ' ')).toContain(name);
  });

  test('a task of PlexSync’s is where the documents say, and answers in the log', async () => {
    const page = await open('tasks');
    await page.getByRole('button', { name: 'Health check' }).click();
    const logs = await open('logs');
    await logs
      .getByText(/Nothing is wrong: \d+ things were looked at\./)
      .first()
      .waitFor();
  });

  test('without the page: looked at while it is set up, one scene tried, the rest written once resumed', async () => {
    const [tried, other] = [world.pair(1), world.pair(2)];
    const answerOf = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await plexsync(world, ...args);
      expect([args, code, stderr]).toEqual([args, 0, '']);
      return stdout;
    };
    expect(await answerOf('pause', '--setup')).toMatch(/^Until the setup is finished or left/);
    await world.edit(tried, { title: 'Tried' });
    await world.edit(other, { title: 'Looked at first' });
    expect(await answerOf('reconcile', '--dry')).toMatch(/nothing is queued, as asked/);
    await until('it has looked', async () => {
      const runs = await answerOf('runs');
      return runs.includes('asked for, dry') && !runs.includes('One is under way');
    });
    expect(await answerOf('gaps')).toContain('Looked at first');
    const view = await answerOf('scene', other.sceneId);
    expect(view).toContain('Looked at first');
    expect(view).toContain('Would be written.');
    expect(view).toContain('PlexSync is being set up');
    expect(await answerOf('status')).toMatch(/^PlexSync is being set up/);
    await answerOf('sync', tried.sceneId);
    await until('it is in Plex', () => world.item(tried).title === 'Tried');
    expect(world.item(other).title).not.toBe('Looked at first');
    await answerOf('resume');
    await until('so is the other', () => world.item(other).title === 'Looked at first');
    expect(await answerOf('doctor')).toContain('Nothing is wrong');
  });

  test('a source of one’s own: added, ticked, installed over the copied folder', async () => {
    const page = await open('plugins');
    await page.getByRole('button', { name: 'Add Source' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').nth(0).fill('Ours');
    await dialog.getByRole('textbox').nth(1).fill(source.url);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Ours', { exact: true }).first().click();
    const row = page.getByRole('row', { name: /PlexSync.*1\.0\.0/ }).last();
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Install', exact: true }).click();
    await seen(page, 'PlexSync (1.0.0)').waitFor();
    const manifest = join(world.stash.pluginsFolder, 'plex-sync', 'plex-sync.yml');
    expect(readFileSync(manifest, 'utf8')).toContain('version: 1.0.0');
  });
});
