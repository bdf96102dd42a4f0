/** How these tests talk to the simulator: plain HTTP, the target exactly as written. */
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { expect, onTestFinished } from 'vitest';
import {
  type PlexSimulator,
  type PlexSimulatorOptions,
  startPlexSimulator,
} from '../../simulators/plex/server.ts';

/** A simulator with one empty section, closed when the test ends. */
export async function plexWithSection(
  options: PlexSimulatorOptions = {},
): Promise<{ plex: PlexSimulator; section: string }> {
  const plex = await startPlexSimulator(options);
  onTestFinished(() => plex.close());
  const section = plex.library.addSection({ title: 'Scenes', locations: ['/data'] });
  return { plex, section };
}

/** One file of a scene, in a folder that the simulated library covers. */
export function file(name: string, size = 1000): { path: string; size: number } {
  return { path: `/data/${name}`, size };
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none. */
  readonly token?: string | null;
  readonly xml?: boolean;
  readonly signal?: AbortSignal;
}

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Rejects when the connection breaks or the signal comes. */
export async function ask(plex: PlexSimulator, target: string, asked: Asked = {}): Promise<Told> {
  const { method = 'GET', headers = {}, token = plex.token, xml = false, signal } = asked;
  const agent = new Agent();
  try {
    return await new Promise((resolve, reject) => {
      const sent = request({
        agent,
        method,
        host: '127.0.0.1',
        port: plex.port,
        path: target,
        headers: {
          ...(xml ? {} : { Accept: 'application/json' }),
          ...(token === null ? {} : { 'X-Plex-Token': token }),
          ...headers,
        },
        ...(signal ? { signal } : {}),
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          reject,
        );
      });
      sent.end();
    });
  } finally {
    agent.destroy();
  }
}

const tag = v.looseObject({ tag: v.string(), id: v.optional(v.number()) });
const metadata = v.looseObject({
  ratingKey: v.string(),
  title: v.string(),
  Genre: v.optional(v.array(tag)),
  Role: v.optional(v.array(tag)),
  Field: v.optional(v.array(v.object({ locked: v.boolean(), name: v.string() }))),
});
const answer = v.object({
  MediaContainer: v.looseObject({
    size: v.number(),
    totalSize: v.optional(v.number()),
    offset: v.optional(v.number()),
    Metadata: v.optional(v.array(metadata)),
    Directory: v.optional(v.array(v.looseObject({ key: v.string(), title: v.string() }))),
  }),
});
export type Container = v.InferOutput<typeof answer>['MediaContainer'];

/** The container of a JSON answer. Throws for anything else. */
export async function read(plex: PlexSimulator, target: string, asked?: Asked): Promise<Container> {
  const { body } = await ask(plex, target, asked);
  return v.parse(answer, JSON.parse(body)).MediaContainer;
}

/** Titles of a listing, in its order. */
export async function titles(plex: PlexSimulator, target: string): Promise<string[]> {
  const { Metadata = [] } = await read(plex, target);
  return Metadata.map(({ title }) => title);
}

/** Sends an edit; the query is given as it goes over the wire, without `type`. */
export async function edit(
  plex: PlexSimulator,
  section: string,
  query: string,
  asked: Asked = {},
): Promise<Told> {
  return ask(plex, `/library/sections/${section}/all?type=1&${query}`, { method: 'PUT', ...asked });
}

/** Waits until something is true, however slow the machine is. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

/**
 * That a request is not answered: waits until the server has come so far with it, then a moment,
 * and lets the client give up.
 */
export async function expectNoAnswer(
  request: (asked: Asked) => Promise<Told>,
  reached: () => boolean,
): Promise<void> {
  const controller = new AbortController();
  const givenUp = expect(request({ signal: controller.signal })).rejects.toThrow('aborted');
  await eventually(reached);
  await sleep(50);
  controller.abort();
  await givenUp;
}
