// A real Chromium, one per test file, and what every test wants of it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);
if (!hasChromium) {
  console.warn(`SKIPPED: the tests of the page need Chromium; there is none at ${chromiumPath}`);
}

/** For the title of what is skipped without it. */
export const inChromium = hasChromium
  ? 'in Chromium'
  : 'in Chromium (skipped: it is not installed)';

export const sizes = {
  wide: { width: 1280, height: 900 },
  narrow: { width: 390, height: 844 },
} as const;

/** A new folder for its data, gone afterwards; it asks nobody on the network for anything. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors in the browser's console so far. */
  readonly complaints: readonly string[];
}

/** A person's browser of its own: no cookies, no storage of another one's. */
export async function openPage(
  browser: Browser,
  url: string,
  size: keyof typeof sizes = 'wide',
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: 'en',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

const axeScript = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** What axe-core holds against a part of the page: "rule: what, at …". Empty is good. */
export async function violations(page: Page, within = 'body'): Promise<readonly string[]> {
  await page.evaluate(axeScript);
  const results: AxeResults = await page.evaluate(
    `axe.run(document.querySelector(${JSON.stringify(within)}), { resultTypes: ['violations'] })`,
  );
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}, at ${nodes.map((node) => node.html).join(' ')}`,
  );
}

/** Whether the page is wider than the window: nothing may be. */
export async function overflows(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}
