// How a plugin talks to Stash: log and progress lines on stderr, one JSON document on stdout.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import { PlexSyncError } from '../contract/errors.ts';

export interface StashLog {
  trace(text: string): void;
  debug(text: string): void;
  info(text: string): void;
  warning(text: string): void;
  /** Nothing was written: the process may exit without giving last lines their time. */
  isQuiet(): boolean;
  error(text: string): void;
  /** @param fraction 0 to 1. Stash drops one that it cannot take at once: send it again later. */
  progress(fraction: number): void;
}

export type Answer = { readonly output: unknown } | { readonly error: string };

/**
 * Stash's reader gives up for good at a line of 64 KB (`bufio.Scanner`), and all later lines are
 * lost with it; 8 KB leaves room for whatever reads after Stash.
 */
const longestLineBytes = 8192;

/**
 * After the end of stdout Stash closes its end of stderr, read or not (stashapp/stash
 * `pkg/plugin/raw.go`): lines still in the pipe are lost.
 */
const lastLinesMs = 100;

/**
 * @param stderr Where Stash reads `\x01 level \x02 text` lines (stashapp/stash
 *   `pkg/logger/plugin.go`). Its errors are swallowed: Stash may have closed its end, and a log
 *   that nobody reads must not end the work.
 */
export function openStashLog(stderr: Writable): StashLog {
  stderr.on('error', swallow);
  let quiet = true;
  const write = (level: string, text: string): void => {
    quiet = false;
    for (const line of text.split(/\r\n|\n|\r/)) {
      // Stash takes a line without text for one without a prefix, and logs it as an error.
      if (line.trim() !== '') stderr.write(`\u0001${level}\u0002${cutToBytes(line)}\n`);
    }
  };
  return {
    isQuiet: () => quiet,
    trace: (text) => write('t', text),
    debug: (text) => write('d', text),
    info: (text) => write('i', text),
    warning: (text) => write('w', text),
    error: (text) => write('e', text),
    progress: (fraction) => {
      if (!Number.isNaN(fraction)) write('p', String(Math.min(1, Math.max(0, fraction))));
    },
  };
}

/** For `answer`: Stash has no last lines to read. */
export const noLines = async (): Promise<void> => {};

const answered = new WeakSet<Writable>();

/**
 * Writes the one JSON document that Stash expects (stashapp/stash `pkg/plugin/common/msg.go`,
 * `PluginOutput`) and resolves when it is handed over and the last log lines had their time:
 * the process may exit then. A stream that Stash closed is no error.
 * @param wait Gives the last lines their time; `noLines` where there are none.
 * @throws PlexSyncError `internal` when the stream was answered before: two documents in a row
 *   are not JSON, and Stash would show them as text.
 */
export async function answer(
  stdout: Writable,
  given: Answer,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<void> {
  if (answered.has(stdout)) throw new PlexSyncError('internal', 'Stash was answered twice.');
  answered.add(stdout);
  stdout.on('error', swallow);
  await new Promise<void>((resolve) => {
    stdout.write(`${encode(given)}\n`, () => resolve());
  });
  await wait(lastLinesMs);
}

/** Without the key `output` Stash would answer null just the same, but the page expects one. */
function encode(given: Answer): string {
  try {
    return JSON.stringify('error' in given ? given : { output: given.output ?? null });
  } catch {
    return JSON.stringify({ error: 'The answer could not be written as JSON.' });
  }
}

/** Cuts between characters, never within one, so that prefix, text and newline fit a line. */
function cutToBytes(text: string): string {
  const room = longestLineBytes - '\u0001x\u0002\n'.length;
  const bytes = Buffer.from(text);
  if (bytes.length <= room) return text;
  const ellipsis = '…';
  let end = room - Buffer.byteLength(ellipsis);
  const isWithinCharacter = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  while (isWithinCharacter(end)) end -= 1;
  return bytes.toString('utf8', 0, end) + ellipsis;
}

function swallow(): void {}
