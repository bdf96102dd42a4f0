// Reads one spool file: which hook fired for what, in which life of Stash, and how to reach that
// Stash. The launcher writes the files without looking; everything is checked here, and nothing
// that may stand in one can make the reading fail.
import { type JsonObject, readJsonPrefix } from './jsonPrefix.ts';

export interface SpoolName {
  /** What Stash calls the hook, or `unknown`. */
  readonly type: string;
  /** The entity; 0 = unknown. */
  readonly id: number;
  /** 0 = not known. */
  readonly stashPid: number;
  /** Clock ticks since boot (`/proc/<pid>/stat`, field 22); 0 where there is no `/proc`. */
  readonly stashStart: number;
  readonly writerPid: number;
  /** Counts the files of one writer. */
  readonly n: number;
}

export interface StashConnectionInfo {
  readonly scheme: 'http' | 'https';
  /** As Stash is bound, `0.0.0.0` included: not yet an address to connect to. */
  readonly host: string;
  readonly port: number;
  readonly cookie: { readonly name: string; readonly value: string } | null;
  /** Stash's configuration directory. */
  readonly dir: string;
  /** May be relative to Stash's working directory; empty if it was not told. */
  readonly pluginDir: string;
}

export interface SpoolEvent {
  /** For instance `Scene.Update.Post`; `unknown` if neither content nor name tells. */
  readonly type: string;
  /** The entity that the hook fired for; empty if neither content nor name tells. */
  readonly ids: readonly number[];
  readonly connection: StashConnectionInfo | null;
  /**
   * The writer finished: the final newline is there. Without it the event counts only once the
   * writer is gone. (A payload above 32 KB is cut by the launcher and still complete.)
   */
  readonly complete: boolean;
}

/** Up to 15 digits, so that every number is exact. */
const spoolName = /^([A-Za-z.]+)-(\d{1,15})-(\d{1,15})\.(\d{1,15})-(\d{1,15})-(\d{1,15})$/;
const hookType = /^[A-Za-z.]+$/;

/** Takes `<type>-<id>-<ppid>.<start time>-<pid>-<n>` apart; null for any other file name. */
export function parseSpoolName(name: string): SpoolName | null {
  const parts = spoolName.exec(name);
  if (parts === null) return null;
  const [, type = '', ...numbers] = parts;
  const [id = 0, stashPid = 0, stashStart = 0, writerPid = 0, n = 0] = numbers.map(Number);
  return { type, id, stashPid, stashStart, writerPid, n };
}

/**
 * @param name The file's name. Stands in for what the content does not tell: the launcher made it
 *   before it wrote a byte.
 * @param content What Stash sends to a hook on stdin (stashapp/stash `pkg/plugin/common/msg.go`,
 *   `pkg/plugin/hooks.go`), possibly cut anywhere, possibly anything else.
 * @returns Never throws; an empty event for a name and a content that tell nothing.
 */
export function parseSpoolEvent(name: string, content: string): SpoolEvent {
  const named = parseSpoolName(name);
  const { value, open } = readJsonPrefix(withoutInput(content));
  const stdin = asObject(value);
  const server = asObject(stdin?.['server_connection']);
  const hook = asObject(asObject(stdin?.['args'])?.['hookContext']);

  const told = asText(hook?.['type']);
  const type = told !== null && hookType.test(told) ? told : (named?.type ?? 'unknown');
  const id = asId(hook?.['id']) ?? asId(named?.id);
  return {
    type,
    ids: id === null ? [] : [id],
    connection: server === null || open.has(server) ? null : readConnection(server),
    complete: content.endsWith('\n'),
  };
}

/**
 * The content up to the event's input, of which nothing is read: what a scene has is asked for when it
 * is pushed. In a bulk edit each event holds the whole list, and reading 1,000 of them would keep the
 * worker from work for a second. (A quote within a string is escaped, so this text is the key.)
 */
function withoutInput(content: string): string {
  const end = content.indexOf('"input":');
  return end === -1 ? content : content.slice(0, end);
}

/** Null if a part is missing that a connection cannot do without; the cookie may be null. */
function readConnection(server: JsonObject): StashConnectionInfo | null {
  const scheme = server['Scheme'];
  const host = server['Host'];
  const port = server['Port'];
  const dir = asText(server['Dir']);
  if (scheme !== 'http' && scheme !== 'https') return null;
  if (typeof host !== 'string' || dir === null) return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const cookie = asObject(server['SessionCookie']);
  const name = asText(cookie?.['Name']);
  const value = asText(cookie?.['Value']);
  return {
    scheme,
    host,
    port,
    cookie: name === null || value === null ? null : { name, value },
    dir,
    pluginDir: asText(server['PluginDir']) ?? '',
  };
}

/** Stash sends ids as numbers in the hook's context and as texts in its input. */
function asId(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
