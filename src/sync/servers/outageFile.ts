// `outage.json`: how Plex is, for monitors that read files. It is written from the data file, which
// decides, after each transition and each probe; it is read only where the data file has no circuit,
// such as a new one after damage, so that Plex is probed at the stored time and not at once.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { type ErrorCode, errorCodes } from '../../contract/errors.ts';
import { longestServerWaitMs } from '../../domain/recover/backoff.ts';
import type { Circuit } from '../../domain/recover/circuit.ts';
import { refusalCause, tokenTryAt } from '../../domain/recover/refusal.ts';
import type { Log } from '../base/log.ts';

export const outageFileVersion = 1;

const time = v.pipe(v.number(), v.integer());
const fileSchema = v.object({
  version: v.literal(outageFileVersion),
  /** Unix ms, like all times here. */
  writtenAt: time,
  circuit: v.picklist(['closed', 'open', 'half-open', 'refused']),
  /** Since when Plex is away, or refuses the token; null where it is well. */
  since: v.nullable(time),
  /** When it is probed next, or the token is tried again at the earliest. */
  nextTryAt: v.nullable(time),
  code: v.nullable(v.string()),
  cause: v.nullable(v.string()),
  failedProbes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Queue key of what failed last. */
  lastFailed: v.nullable(v.string()),
});
type FileContent = v.InferOutput<typeof fileSchema>;

export interface OutageFile {
  /** A file that cannot be written is told of once. */
  write(circuit: Circuit, now: number): void;
  /** @returns null if there is none, or one that is of no use, which is told of */
  read(now: number): Circuit | null;
}

export function openOutageFile(path: string, log: Log): OutageFile {
  let isToldOf = false;
  const warn = (message: string): void => {
    if (isToldOf) return;
    isToldOf = true;
    log.write('warn', 'outage-file', message);
  };
  return {
    write: (circuit, now) => {
      const whole = `${path}.${process.pid}`;
      try {
        writeFileSync(whole, `${JSON.stringify(contentOf(circuit, now))}\n`, { mode: 0o600 });
        renameSync(whole, path);
      } catch (error) {
        rmSync(whole, { force: true });
        warn(`${path} cannot be written (${reasonOf(error)}); only monitors miss it`);
      }
    },
    read: (now) => {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isMissing) warn(`${path} cannot be read (${reasonOf(error)})`);
        return null;
      }
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), fileSchema), text);
      if (parsed.success) return circuitOf(parsed.output, now);
      warn(
        `${path} is of no use: it is damaged, or of another version of PlexSync. It is written anew`,
      );
      return null;
    },
  };
}

function contentOf(circuit: Circuit, now: number): FileContent {
  const none = { since: null, nextTryAt: null, code: null, cause: null, failedProbes: 0 };
  const head = { version: outageFileVersion, writtenAt: now, circuit: circuit.kind } as const;
  switch (circuit.kind) {
    case 'closed':
      return { ...head, ...none, lastFailed: null };
    case 'refused': {
      // Without the hash of the settings: it is nobody's business but the data file's.
      const { since } = circuit;
      const why = { code: 'plex-unauthorized', cause: refusalCause(circuit) };
      return { ...head, ...none, ...why, since, nextTryAt: tokenTryAt(circuit), lastFailed: null };
    }
    case 'open':
    case 'half-open': {
      const { since, cause, code = null, failedProbes, lastFailed } = circuit;
      const nextTryAt = circuit.kind === 'open' ? circuit.probeAt : null;
      return { ...head, since, nextTryAt, code, cause, failedProbes, lastFailed };
    }
  }
}

/** A clock that was ahead when it was written must not put off the probe for longer than any wait. */
function circuitOf(file: FileContent, now: number): Circuit | null {
  const { circuit: kind, cause, failedProbes, lastFailed } = file;
  const since = Math.min(file.since ?? now, now);
  const nextAt = Math.min(file.nextTryAt ?? now, now + longestServerWaitMs);
  const code = codeOf(file.code);
  const outage = { since, cause: cause ?? 'no answer', failedProbes, lastFailed };
  const coded = code === undefined ? outage : { ...outage, code };
  switch (kind) {
    case 'closed':
      return null;
    case 'refused':
      return { kind, since, retryAt: nextAt, settingsHash: '' };
    case 'open':
      return { kind, probeAt: nextAt, ...coded };
    case 'half-open':
      return { kind, ...coded };
  }
}

function codeOf(code: string | null): ErrorCode | undefined {
  const known = v.safeParse(v.picklist(errorCodes), code);
  return known.success ? known.output : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
