/**
 * A Plex Media Server's HTTP face with its quirks and faults as switches. It was written from
 * public documents and other clients' experience, never against a real server, so that passing
 * against it is not "tested with Plex". It shares no code with PlexSync.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handle, type Machinery } from './handler.ts';
import { Library } from './library.ts';
import type { PlexLibrary } from './libraryFace.ts';
import { type AccessLogEntry, type Counts, noCounts, Records, type WriteRecord } from './record.ts';
import { type ScanRecord, Scans } from './scans.ts';
import { healthySwitches, type PlexSwitches } from './switches.ts';
import { WriteQueue } from './writes.ts';

export interface PlexSimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a random one. */
  readonly token?: string;
  readonly switches?: Partial<PlexSwitches>;
  /** Milliseconds since the epoch; the default is the real clock. */
  readonly nowMs?: () => number;
}

export interface PlexSimulator {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly machineIdentifier: string;
  /** May be changed at any time; counts from the next request on. */
  readonly switches: PlexSwitches;
  readonly library: PlexLibrary;
  /**
   * Somebody that the server is shared with: a token of their own, with plays, offsets and ratings of
   * their own. @returns the token
   */
  addUser(account: string): string;
  /** Every edit of this item that a client made, oldest first; the item may be gone. */
  history(ratingKey: string): readonly WriteRecord[];
  /** Every scan that a client asked for, oldest first. */
  readonly scans: readonly ScanRecord[];
  /** Carries out the scans that wait; returns the rating keys of what they found. */
  finishScans(): string[];
  /** Every request since the start, as it came. */
  readonly accessLog: readonly AccessLogEntry[];
  /** Since the start or the last reset. */
  counts(): Counts;
  resetCounts(): void;
  /** Connections are refused, open ones torn down, waiting writes and scans lost. */
  goAway(): Promise<void>;
  /** Listens again on the same port. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts listening. @throws if the port is taken */
export async function startPlexSimulator({
  port = 0,
  host = '127.0.0.1',
  token = randomBytes(10).toString('hex'),
  switches: given = {},
  nowMs = Date.now,
}: PlexSimulatorOptions = {}): Promise<PlexSimulator> {
  const switches: PlexSwitches = { ...healthySwitches(), ...given };
  const library = new Library(switches, nowMs);
  const records = new Records();
  const writes = new WriteQueue();
  const scans = new Scans(library, switches, nowMs);
  const machineIdentifier = randomBytes(20).toString('hex');
  const facts = {
    machineIdentifier,
    friendlyName: 'Simulated Plex',
    startedAt: library.nowSeconds(),
  };
  const users = new Map<string, string>();
  const shared = { switches, library, records, writes, scans, nowMs };
  const machinery: Machinery = { token, users, facts, ...shared };

  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    void handle(machinery, request, response);
  });
  // Recorded `Keep-Alive: timeout=20` (replex #130): clients must let go of a connection before.
  server.keepAliveTimeout = 20_000;
  server.requestTimeout = 0;
  const boundPort = await listen(server, port, host);

  const goAway = async (): Promise<void> => {
    writes.crash();
    scans.crash();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://${host}:${boundPort}`,
    port: boundPort,
    token,
    machineIdentifier,
    switches,
    library,
    addUser: (account) => {
      const own = randomBytes(10).toString('hex');
      users.set(own, account);
      return own;
    },
    history: (ratingKey) => records.history(ratingKey, library.tags),
    scans: scans.records,
    finishScans: () => scans.finish(),
    accessLog: records.accessLog,
    counts: () => ({ ...records.counts }),
    resetCounts: () => {
      records.counts = noCounts();
    },
    goAway,
    comeBack: async () => {
      if (!server.listening) await listen(server, boundPort, host);
    },
    close: goAway,
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return address.port;
}
