// The page in a browser, before a simulated Stash that runs the built plugin, and a simulated Plex.
// States are put into the data file directly, so that a test need not wait for work to be done.
import type { Browser } from 'playwright-core';
import { makeDataDirectory } from '../../../src/store/file/dataDirectory.ts';
import { openStore } from '../../../src/store/file/open.ts';
import type { Database } from '../../../src/store/file/database.ts';
import { type Installed, type InstalledOptions, installPlugin } from '../../helpers/installed.ts';
import { type OpenedPage, openPage, type sizes, startBrowser } from './browser.ts';
import { type HostServer, serveHost } from './hostServer.ts';

export interface PageWorld extends Installed {
  readonly host: HostServer;
  readonly browser: Browser;
  /** Runs `write` on the data file and closes it again. */
  seed<T>(write: (db: Database) => T): T;
  /** @param path of the tab: '', 'queue', 'problems', … or an address that begins with a slash */
  open(path?: string, size?: keyof typeof sizes): Promise<OpenedPage>;
}

export async function openPageWorld(options: InstalledOptions = {}): Promise<PageWorld> {
  const installed = await installPlugin(options);
  const host = await serveHost(installed.stash.url, installed.pluginFolder);
  const browser = await startBrowser();
  return {
    ...installed,
    host,
    browser,
    seed: (write) => {
      const { db } = openStore(makeDataDirectory(installed.data).database, Date.now());
      try {
        return write(db);
      } finally {
        db.close();
      }
    },
    open: (path = '', size = 'wide') => {
      const own = path === '' ? '/plugins/plex-sync' : `/plugins/plex-sync/${path}`;
      return openPage(browser, `${host.url}${path.startsWith('/') ? path : own}`, size);
    },
    close: async () => {
      await browser.close();
      await host.close();
      await installed.close();
    },
  };
}
