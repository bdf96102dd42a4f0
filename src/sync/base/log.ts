// The worker's log: JSON lines in the data directory, rotated by size, without secrets.
import { appendFileSync, chmodSync, existsSync, renameSync, statSync } from 'node:fs';
import { giveToOwner } from '../../store/file/privateFile.ts';
import type { Clock } from './clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  write(level: LogLevel, event: string, message: string, fields?: LogFields): void;
  /**
   * Values that must never be written; each is replaced wherever it occurs. Of those of a session
   * only the newest are kept: Stash renews its cookie about once a second, and each line would have
   * to be searched for tens of thousands of them.
   */
  keepSecret(values: readonly (string | null)[], lasts?: 'for-good' | 'session'): void;
  /** The text as it may be shown. */
  withoutSecrets(text: string): string;
}

export const rotateAtBytes = 5 * 1024 * 1024;
export const keptFiles = 3;
const longestLine = 4_000;
const keptCookies = 50;

/** A log that never throws: a full disk must not stop the work that it tells of. */
export function openLog(path: string, clock: Clock): Log {
  const secrets = new Set<string>();
  const cookies = new Set<string>();
  let bytes = existsSync(path) ? statSync(path).size : 0;
  const withoutSecrets = (text: string): string => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, '***');
    for (const cookie of cookies) clean = clean.replaceAll(cookie, '***');
    return clean;
  };
  return {
    withoutSecrets,
    write: (level, event, message, fields = {}) => {
      const at = new Date(clock.now()).toISOString();
      let line = withoutSecrets(JSON.stringify({ at, level, event, message, ...fields }));
      if (line.length > longestLine) {
        line = JSON.stringify({ at, level, event, message: line.slice(0, longestLine / 2) });
      }
      try {
        if (bytes + line.length > rotateAtBytes) {
          rotate(path);
          bytes = 0;
        }
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
        if (bytes === 0) {
          giveToOwner(path);
          chmodSync(path, 0o600);
        }
        bytes += Buffer.byteLength(line) + 1;
      } catch {
        // Nothing to tell it to.
      }
    },
    keepSecret: (values, lasts = 'for-good') => {
      for (const value of values) {
        // Very short values would blot out ordinary text.
        if (value === null || value.length < 6) continue;
        if (lasts === 'for-good') secrets.add(value);
        else keepNewest(cookies, value);
      }
    },
  };
}

function keepNewest(cookies: Set<string>, value: string): void {
  cookies.delete(value);
  cookies.add(value);
  for (const oldest of cookies) {
    if (cookies.size <= keptCookies) break;
    cookies.delete(oldest);
  }
}

function rotate(path: string): void {
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    if (existsSync(from)) renameSync(from, `${path}.${number}`);
  }
}
