/**
 * A second, small HTTP face by which another process turns the simulator: it stays up while Plex
 * is away. JSON in and out, under `/__simulator/`; for the machine's own loopback only.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { PlexSimulator } from './server.ts';
import type { PlexSwitches } from './switches.ts';

const limits = {
  on: v.exactOptional(v.picklist(['reads', 'writes', 'all'])),
  count: v.exactOptional(v.number()),
};
const plainFault = v.union([v.boolean(), v.strictObject(limits)]);
const itemSet = v.union([
  v.literal('all'),
  v.pipe(
    v.array(v.string()),
    v.transform((ratingKeys) => new Set(ratingKeys)),
  ),
]);
const poison = v.union([
  v.picklist(['hang', 'drop']),
  v.custom<`status-${number}`>(
    (value) => typeof value === 'string' && /^status-\d{3}$/.test(value),
  ),
]);

/** What `PUT switches` takes: any of the switches; sets are lists, the poison map is an object. */
const switchChange = v.strictObject({
  tagMode: v.exactOptional(v.picklist(['append', 'replace'])),
  groupTagMode: v.exactOptional(v.picklist(['same', 'append', 'replace'])),
  tagCase: v.exactOptional(v.picklist(['first-spelling', 'exact'])),
  fileMatch: v.exactOptional(v.picklist(['base-name', 'contains'])),
  movedFile: v.exactOptional(v.picklist(['same-item', 'new-item'])),
  refresh: v.exactOptional(v.picklist(['reverts-unlocked', 'keeps'])),
  uploadLocks: v.exactOptional(v.boolean()),
  scanDelayMs: v.exactOptional(v.union([v.number(), v.literal('held')])),
  writeServiceMs: v.exactOptional(v.number()),
  readServiceMs: v.exactOptional(v.number()),
  hang: v.exactOptional(plainFault),
  stallBody: v.exactOptional(plainFault),
  truncateBody: v.exactOptional(
    v.union([v.literal(false), v.strictObject({ ...limits, how: v.picklist(['cut', 'close']) })]),
  ),
  maintenance: v.exactOptional(plainFault),
  failEverything: v.exactOptional(
    v.union([v.literal(false), v.strictObject({ ...limits, status: v.number() })]),
  ),
  unauthorized: v.exactOptional(plainFault),
  guestToken: v.exactOptional(v.boolean()),
  rateLimit: v.exactOptional(
    v.union([
      v.literal(false),
      v.strictObject({ ...limits, retryAfterSeconds: v.exactOptional(v.number()) }),
    ]),
  ),
  failUploads: v.exactOptional(
    v.union([v.literal(false), v.strictObject({ ...limits, status: v.number() })]),
  ),
  ignoreUploads: v.exactOptional(plainFault),
  poison: v.exactOptional(
    v.pipe(
      v.record(v.string(), poison),
      v.transform((byRatingKey) => new Map(Object.entries(byRatingKey))),
    ),
  ),
  repeatedScrobble: v.exactOptional(v.picklist(['counts', 'stays'])),
  scrobbleClearsOffset: v.exactOptional(v.boolean()),
  unscrobbleClearsOffset: v.exactOptional(v.boolean()),
  scrobbleMovesTime: v.exactOptional(v.boolean()),
  unscrobbleKeepsTime: v.exactOptional(v.boolean()),
  timelineMethod: v.exactOptional(v.picklist(['any', 'POST', 'GET'])),
  timelineNearEnd: v.exactOptional(v.picklist(['marks-played', 'sets-offset'])),
  timelineZero: v.exactOptional(v.picklist(['ignored', 'clears'])),
  timelineMovesTime: v.exactOptional(v.boolean()),
  shortestOffsetMs: v.exactOptional(v.number()),
  unratedKeepsTime: v.exactOptional(v.boolean()),
  lastRatedAtInLists: v.exactOptional(v.boolean()),
  sortByLastRatedAt: v.exactOptional(v.picklist(['sorts', 'ignored', 'refused'])),
  inProgressFilter: v.exactOptional(v.picklist(['filters', 'ignored', 'refused'])),
  applyThenHang: v.exactOptional(
    v.union([v.literal(false), itemSet, v.strictObject({ items: itemSet, count: v.number() })]),
  ),
}) satisfies v.GenericSchema<unknown, Partial<PlexSwitches>>;

const file = {
  path: v.string(),
  size: v.number(),
  durationMs: v.exactOptional(v.number()),
  analysed: v.exactOptional(v.boolean()),
};
const newFile = v.strictObject({ sectionId: v.string(), ...file });
const move = v.strictObject({ from: v.string(), to: v.string() });
const newItem = v.strictObject({
  sectionId: v.string(),
  title: v.string(),
  files: v.array(v.strictObject(file)),
  summary: v.exactOptional(v.string()),
  date: v.exactOptional(v.string()),
  studio: v.exactOptional(v.string()),
  genres: v.exactOptional(v.array(v.string())),
  actors: v.exactOptional(v.array(v.string())),
  locked: v.exactOptional(v.array(v.string())),
});

const seen = v.strictObject({
  ratingKey: v.string(),
  account: v.exactOptional(v.string()),
  viewCount: v.exactOptional(v.number()),
  viewOffsetMs: v.exactOptional(v.number()),
  lastViewedAt: v.exactOptional(v.number()),
  userRating: v.exactOptional(v.number()),
  lastRatedAt: v.exactOptional(v.number()),
});
const newUser = v.strictObject({ account: v.string() });

export interface ControlFace {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts listening on 127.0.0.1. */
export async function startControl(simulator: PlexSimulator, port: number): Promise<ControlFace> {
  const server = createServer((request, response) => {
    void answer(simulator, request).then(([status, body]) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body ?? null, plain));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return {
    url: `http://127.0.0.1:${address.port}/__simulator`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  simulator: PlexSimulator,
  request: IncomingMessage,
): Promise<[status: number, body?: unknown]> {
  const { library, switches } = simulator;
  const path = (request.url ?? '').replace(/^\/__simulator\//, '');
  const ratingKey = /^item\/(\d+)$/.exec(path)?.[1];
  try {
    if (request.method === 'GET') {
      if (path === 'switches') return [200, switches];
      if (path === 'counts') return [200, simulator.counts()];
      if (path === 'items') return [200, library.items()];
      if (path === 'scans') return [200, { scans: simulator.scans }];
      const item = ratingKey === undefined ? undefined : library.item(ratingKey);
      return item ? [200, { item, history: simulator.history(item.ratingKey) }] : [404];
    }
    const call = `${request.method} ${path}`;
    const body = await text(request);
    if (call === 'PUT switches') {
      Object.assign(switches, v.parse(switchChange, JSON.parse(body)));
      return [200, switches];
    }
    if (call === 'POST items') {
      const { sectionId, ...item } = v.parse(newItem, JSON.parse(body));
      return [200, { ratingKey: library.addItem(sectionId, item) }];
    }
    if (call === 'POST files') {
      const { sectionId, ...found } = v.parse(newFile, JSON.parse(body));
      library.addUnscannedFile(sectionId, found);
      return [200];
    }
    if (call === 'POST move') {
      const { from, to } = v.parse(move, JSON.parse(body));
      return [200, { ratingKey: library.moveFile(from, to) }];
    }
    if (call === 'POST seen') {
      const { ratingKey: key, account, ...given } = v.parse(seen, JSON.parse(body));
      library.setSeen(key, given, account);
      return [200, library.seen(key, account)];
    }
    if (call === 'POST users') {
      return [200, { token: simulator.addUser(v.parse(newUser, JSON.parse(body)).account) }];
    }
    if (call === 'POST scans') return [200, { ratingKeys: simulator.finishScans() }];
    if (call === 'POST away') await simulator.goAway();
    else if (call === 'POST back') await simulator.comeBack();
    else return [404];
    return [200];
  } catch (error) {
    return [400, { error: String(error) }];
  }
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
