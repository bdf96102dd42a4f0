// The simulator of Stash: GraphQL over HTTP as PlexSync uses it, and a plugin host that runs
// plugins exactly as Stash does. Starts on a free port; for tests, demo and benchmarks alike.
// What it does not do (stated so that nobody tests against it): no loop protection for hooks, no
// rpc or js plugins, no WebSocket, no uniqueness rules but names, no pictures fetched from URLs.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, relative, resolve } from 'node:path';
import { Agent, request } from 'undici';
import { isRecord, rfc3339Nano, systemOffsetMinutes } from './goFormats.ts';
import type { StashParts } from './graphql/context.ts';
import { GraphqlEndpoint, readSchema } from './graphql/endpoint.ts';
import { Faults } from './http/faults.ts';
import { createHttpServer, ownHeader } from './http/server.ts';
import { Sessions } from './http/sessions.ts';
import { JobQueue } from './jobQueue.ts';
import { LibraryJobs } from './libraryJobs.ts';
import { PluginHost } from './plugins/host.ts';
import {
  type AccessRecord,
  type LogRecord,
  newRecorder,
  type RunRecord,
  type StdinRecord,
} from './recorder.ts';
import { StashSettings } from './settings.ts';
import { StashStore } from './store/store.ts';

export interface StashOptions {
  /** Folder of Stash's configuration ("Dir"); made if missing. Plugins lie in `plugins` below. */
  readonly directory: string;
  /** 0 or absent = a free one. */
  readonly port?: number;
  /** The bind address that plugins are told, e.g. 0.0.0.0. It listens on loopback whatever this is. */
  readonly host?: string;
  readonly login?: { readonly username: string; readonly password: string };
  readonly apiKey?: string;
  /** Seconds until a session ends; 3600 as in Stash. 0 = never. */
  readonly maxSessionAgeSeconds?: number;
  /** PEM texts. */
  readonly https?: { readonly cert: string; readonly key: string };
  /** Plugins are told their folder relative to the working directory, as Stash 0.30 may do. */
  readonly relativePluginDir?: boolean;
  readonly version?: string;
  /** More environment for plugin processes, on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Stash's setting for its own public address, in front of the URLs in answers. */
  readonly externalHost?: string;
  readonly libraryPaths?: readonly string[];
  /** How late Stash's log reader reads; what is unread when a plugin ends is lost. 0 = nothing. */
  readonly logDelayMs?: number;
  readonly nowMs?: () => number;
  /** Offset of the times in `updated_at`; this machine's own if not given. */
  readonly utcOffsetMinutes?: number;
}

export interface GraphqlReply {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly Readonly<Record<string, unknown>>[];
}

export interface StashSimulator {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly directory: string;
  readonly pluginsPath: string;
  readonly port: number;
  /** Direct access, without hooks. */
  readonly store: StashStore;
  readonly library: LibraryJobs;
  readonly jobs: JobQueue;
  readonly faults: Faults;
  /** What plugins wrote, and what Stash itself had to say. */
  readonly log: readonly LogRecord[];
  readonly runs: readonly RunRecord[];
  readonly hookRuns: readonly RunRecord[];
  readonly stdinSent: readonly StdinRecord[];
  /** Requests from outside; those made by `graphql` below are not among them. */
  readonly accessLog: readonly AccessRecord[];
  /** Reads every manifest again, as Stash does at its start and after an installation. */
  loadPlugins(): void;
  /**
   * Asks as a user who is logged in (faults do not touch it). `headers` replace that login; the
   * signal drops the connection.
   */
  graphql(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<GraphqlReply>;
  /** The value of a valid session cookie. */
  sessionCookie(): string;
  /** Connections are dropped and refused until `comeBack`; jobs and plugin processes go on. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /**
   * A new life of Stash as far as one process can play it: the queue is forgotten, plugins are
   * read again, sessions stay valid. A new process identity needs main.ts.
   */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it and reads the plugins that are there. */
export async function startStashSimulator(options: StashOptions): Promise<StashSimulator> {
  const directory = resolve(options.directory);
  const absolutePlugins = join(directory, 'plugins');
  mkdirSync(absolutePlugins, { recursive: true });
  const pluginsPath =
    options.relativePluginDir === true ? relative(process.cwd(), absolutePlugins) : absolutePlugins;
  const nowMs = options.nowMs ?? Date.now;
  const offsetMinutes = (atMs: number): number =>
    options.utcOffsetMinutes ?? systemOffsetMinutes(atMs);
  const recorder = newRecorder();
  const settings = new StashSettings(directory);
  const store = new StashStore({ nowMs, offsetMinutes });
  const faults = new Faults();
  const maxAgeSeconds = options.maxSessionAgeSeconds ?? 3600;
  const apiKey = options.apiKey ?? '';
  const username = options.login?.username ?? '';
  const sessions = new Sessions({
    secret: settings.sessionStoreKey,
    login: options.login,
    apiKey: () => apiKey,
    maxAgeSeconds,
    nowMs,
  });
  const told = options.host ?? '127.0.0.1';
  let port = options.port ?? 0;
  const host = new PluginHost({
    pluginsPath,
    settings,
    environment: { ...process.env, ...options.env },
    logDelayMs: options.logDelayMs ?? 0,
    nowMs,
    recorder,
    connection: (user) => ({
      scheme: options.https === undefined ? 'http' : 'https',
      host: told,
      port,
      cookieValue: sessions.cookieValue(user),
      directory,
    }),
  });
  const schema = readSchema();
  const parts: StashParts = {
    store,
    settings,
    jobs: new JobQueue(nowMs, (text) => host.log('error', null, text)),
    host,
    schema,
    facts: {
      version: options.version ?? 'v0.30.1',
      directory,
      pluginsPath,
      libraryPaths: options.libraryPaths ?? ['/data'],
      apiKey,
      username,
      maxSessionAgeSeconds: maxAgeSeconds,
      formatTime: (atMs) => rfc3339Nano(atMs, offsetMinutes(atMs)),
    },
  };
  const ownToken = randomUUID();
  const newServer = (): Server =>
    createHttpServer({
      parts,
      endpoint: new GraphqlEndpoint(schema),
      sessions,
      faults,
      recorder,
      nowMs,
      https: options.https,
      externalHost: options.externalHost ?? '',
      ownToken,
    });
  const loopback = told.includes(':') ? '::1' : '127.0.0.1';
  let server = newServer();
  port = await listen(server, port, loopback);
  host.load();

  const authority = `${loopback.includes(':') ? `[${loopback}]` : loopback}:${port}`;
  const url = `${options.https === undefined ? 'http' : 'https'}://${authority}`;
  const dispatcher = new Agent({
    connect: { rejectUnauthorized: false },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const goAway = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolveClosed) => server.once('close', resolveClosed));
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const comeBack = async (): Promise<void> => {
    if (server.listening) return;
    server = newServer();
    await listen(server, port, loopback);
  };
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    directory,
    pluginsPath: absolutePlugins,
    port,
    store,
    library: new LibraryJobs(parts),
    jobs: parts.jobs,
    faults,
    log: recorder.log,
    runs: recorder.runs,
    get hookRuns() {
      return recorder.runs.filter((run) => run.kind === 'hook');
    },
    stdinSent: recorder.stdinSent,
    accessLog: recorder.accessLog,
    loadPlugins: () => host.load(),
    graphql: async (query, variables = {}, headers, signal) => {
      const login = headers ?? { cookie: `session=${sessions.cookieValue(username)}` };
      const answer = await request(`${url}/graphql`, {
        method: 'POST',
        body: JSON.stringify({ query, variables }),
        headers: { 'content-type': 'application/json', [ownHeader]: ownToken, ...login },
        dispatcher,
        ...(signal === undefined ? {} : { signal }),
      });
      return reply(answer.statusCode, await answer.body.text());
    },
    sessionCookie: () => sessions.cookieValue(username),
    goAway,
    comeBack,
    restart: async () => {
      await goAway();
      parts.jobs.forget();
      host.load();
      await comeBack();
    },
    close: async () => {
      await goAway();
      parts.jobs.stopAll();
      await dispatcher.destroy();
      await host.close();
    },
  };
}

function reply(status: number, text: string): GraphqlReply {
  if (text.startsWith('simulator: ')) throw new Error(text);
  const value: unknown = text === '' ? {} : JSON.parse(text);
  const body = isRecord(value) ? value : {};
  const errors = Array.isArray(body['errors']) ? body['errors'].filter(isRecord) : [];
  return { status, data: isRecord(body['data']) ? body['data'] : null, errors };
}

function listen(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolveListening, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      resolveListening(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}
