// The page's server, for this machine only: it serves the page, tells it what is new, and takes
// the presses of its buttons.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { summaryOf } from '../events.ts';
import { markOf } from '../mark.ts';
import type { Show } from '../show.ts';
import { type PageContent, pageHtml, type Row } from './html.ts';
import { placed } from './rows.ts';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

const places = 8;
const many = 50;
const host = '127.0.0.1';
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** @param port 0 = any free one. @throws Error if it is taken */
export async function openPage(show: Show, port: number): Promise<Page> {
  const files = new Map([
    ['/page.css', { type: 'text/css', body: readFileSync(join(import.meta.dirname, 'page.css')) }],
    [
      '/page.js',
      { type: 'text/javascript', body: readFileSync(join(import.meta.dirname, 'page.js')) },
    ],
  ]);
  const actions = new Map<string, () => Promise<void>>([
    ['/edit', () => show.editOne()],
    ['/edit-many', () => show.editMany(many)],
    ['/stop-plex', () => show.stopPlex('person')],
    ['/start-plex', () => show.startPlex()],
  ]);
  // By place: the last changed scenes, and all of them.
  let last: readonly number[] = [];
  let every: readonly number[] = [];

  const content = (all: boolean): PageContent => {
    const touched = [...show.touched.keys()];
    last = placed(last, touched.slice(-places));
    every = placed(every, touched);
    const shown = all ? every : last;
    return {
      mark: markOf(show.report),
      summary: summaryOf(show.ledger.totals()),
      plexAway: show.away !== null,
      rows: shown.map((sceneId) => rowOf(show, sceneId)),
      changedScenes: touched.length,
      all,
    };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, type: string, body: string | Buffer, more = {}): void => {
      response.writeHead(status, {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
        ...more,
      });
      response.end(body);
    };
    // Another site in the same browser may reach this port; it is not to press buttons or read.
    const names = [`${host}:${bound}`, `localhost:${bound}`];
    const { host: asked = '', origin } = request.headers;
    const foreign = origin !== undefined && !names.some((name) => origin === `http://${name}`);
    if (!names.includes(asked) || foreign) {
      send(403, 'text/plain', 'This page is for this machine only.');
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${host}`);
    const all = searchParams.has('all');
    const action = request.method === 'POST' ? actions.get(pathname) : undefined;
    const file = files.get(pathname);
    if (action !== undefined) {
      await action();
      send(303, 'text/plain', '', { Location: '/' });
    } else if (request.method !== 'GET') send(404, 'text/plain', 'There is no such button.');
    else if (file !== undefined) send(200, file.type, file.body);
    else if (pathname === '/') send(200, 'text/html', pageHtml(content(all)));
    else send(404, 'text/plain', 'There is nothing here. The page is at /.');
  };

  let bound = port;
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address === 'object' && address !== null) bound = address.port;
  return {
    url: `http://${host}:${bound}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function rowOf(show: Show, sceneId: number): Row {
  return {
    sceneId,
    ...show.sideBySide(sceneId),
    waitingSince: show.ledger.waiting.get(sceneId)?.since ?? null,
    changedAt: show.touched.get(sceneId) ?? 0,
    afterMs: show.lastAfterMs(sceneId),
  };
}
