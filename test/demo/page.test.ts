// The page of the demo: both sides of the scenes that were changed last, and its buttons.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from 'undici';
import { type Installation, openInstallation } from '../../demo/installation.ts';
import { openPage, type Page } from '../../demo/page/server.ts';
import { seededRandom } from '../../demo/random.ts';
import { Show } from '../../demo/show.ts';
import { until } from '../helpers/wait.ts';

describe('the page of the demo', () => {
  let installation: Installation;
  let show: Show;
  let page: Page;
  beforeEach(async () => {
    installation = await openInstallation();
    show = new Show(installation, seededRandom(1), () => {});
    page = await openPage(show, 0);
  });
  afterEach(async () => {
    await page.close();
    await installation.close();
  });

  const html = async (): Promise<string> => {
    const answer = await request(page.url);
    expect(answer.statusCode).toBe(200);
    return await answer.body.text();
  };
  const press = async (button: string): Promise<number> =>
    (await request(`${page.url}${button}`, { method: 'POST' })).statusCode;
  const arrived = async (): Promise<void> => {
    await until(
      'everything is in Plex',
      () => {
        show.look();
        return show.ledger.waiting.size === 0;
      },
      50_000,
    );
  };

  it('says what will be there before anything was changed', async () => {
    expect(await html()).toContain('No scene was changed yet.');
  });

  it('shows a scene as both sides have it, with what differs marked by a sign', async () => {
    await installation.plex.goAway();
    await show.edit([7], { title: 'Night Boat' });
    const before = await html();
    expect(before).toMatch(/<th scope="col">Stash<\/th><th scope="col">Plex<\/th>/);
    const sides = [...before.matchAll(/<td data-side="(\w+)">([\s\S]*?)<\/td>/g)];
    expect(sides.map(([, side]) => side)).toEqual(['Stash', 'Plex']);
    expect(sides[0]?.[2]).toMatch(/≠<\/span> Night Boat</);
    expect(sides[1]?.[2]).toMatch(/≠<\/span> night train to galway</);
    expect(before).toMatch(/waits since \d\d:\d\d:\d\d/);
    await installation.plex.comeBack();
    await arrived();
    const after = await html();
    expect(after.split('Night Boat</span>')).toHaveLength(3);
    expect(after.split('≠')).toHaveLength(2); // in the legend alone
    expect(after).toMatch(/in Plex after \d/);
  });

  it('shows a title that is HTML as text', async () => {
    const title = `<img src=x onerror="alert('1')"> & more`;
    await show.edit([7], { title });
    await arrived();
    const text = await html();
    expect(text).not.toContain('<img');
    const escaped = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more';
    expect(text.split(`>${escaped}</span>`)).toHaveLength(3);
  });

  it('edits one scene, or fifty at once, at the press of a button', async () => {
    expect(await press('edit')).toBe(303);
    expect(show.ledger.totals()).toMatchObject({ edits: 1, changes: 1 });
    expect(await press('edit-many')).toBe(303);
    expect(show.ledger.totals()).toMatchObject({ edits: 2, changes: 51 });
    await arrived();
    expect(show.ledger.totals()).toMatchObject({ arrived: 51 });
    expect(await html()).toContain('all 51 arrived in Plex');
  });

  it('takes Plex away and gives it back; what was edited meanwhile arrives by itself', async () => {
    expect(await press('stop-plex')).toBe(303);
    await press('edit');
    await until('PlexSync has noticed', async () => {
      await show.ask();
      return show.report.status?.plex.circuit === 'open';
    });
    const away = await html();
    expect(away).toContain('<strong id="word">Plex is away.</strong>');
    expect(away).toMatch(/id="stop-plex" hidden/);
    await press('start-plex');
    await arrived();
    expect(await html()).toContain('all 1 arrived in Plex; 1 outage');
  });

  it('is for this machine only: other names and other sites are refused', async () => {
    const other = await request(page.url, { headers: { host: 'demo.example' } });
    expect(other.statusCode).toBe(403);
    const headers = { origin: 'http://demo.example' };
    const foreign = await request(`${page.url}edit`, { method: 'POST', headers });
    expect(foreign.statusCode).toBe(403);
    expect(show.ledger.totals().edits).toBe(0);
  });
});
