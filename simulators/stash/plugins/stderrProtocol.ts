// What Stash makes of a plugin's stderr: lines of `\x01<level>\x02<text>`, progress among them,
// read by a scanner that gives up for good at a line of 64 KiB.
// (stashapp/stash pkg/logger/plugin.go and Go's bufio.Scanner)

export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error';

export type StderrEvent =
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  | { readonly kind: 'progress'; readonly progress: number }
  /** A progress line whose text is no number: Stash logs the fact without the plugin's name. */
  | { readonly kind: 'bad-progress'; readonly text: string };

export type LineLevel = LogLevel | 'progress' | 'none';

const levels: Readonly<Record<string, LineLevel>> = {
  t: 'trace',
  d: 'debug',
  i: 'info',
  w: 'warning',
  e: 'error',
  p: 'progress',
  '\0': 'none',
};

/** The manifest's `errLog` as a level for lines without a prefix; unknown or absent = error. */
export function defaultLevel(errLog: string): LineLevel {
  return Object.values(levels).find((level) => level === errLog) ?? 'error';
}

/** One line, without its end, as Stash logs it; undefined = nothing. */
export function readLine(line: Buffer, withoutPrefix: LineLevel): StderrEvent | undefined {
  if (line.length === 0) return undefined;
  const prefixed = line.length >= 4 && line[0] === 1 && line[2] === 2;
  const named = prefixed ? levels[String.fromCharCode(line[1] ?? 0)] : undefined;
  const level = named ?? withoutPrefix;
  const text = named === undefined ? line.toString('utf8') : line.toString('utf8', 3).trim();
  if (level === 'none') return undefined;
  if (level !== 'progress') return { kind: 'log', level, text };
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return isNumber ? { kind: 'progress', progress: Number(text) } : { kind: 'bad-progress', text };
}

const scannerLimitBytes = 64 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Cuts a stream into lines; after a line of 64 KiB or more it takes nothing any more. */
export class LineScanner {
  readonly #onLine: (line: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #broken = false;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  /** False once a line was too long: then Stash closes its end of the pipe. */
  feed(chunk: Buffer): boolean {
    if (this.#broken) return false;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf(newline);
      const length = end === -1 ? this.#rest.length : end;
      if (length >= scannerLimitBytes) {
        this.#broken = true;
        this.#rest = Buffer.alloc(0);
        return false;
      }
      if (end === -1) return true;
      this.#onLine(withoutReturn(this.#rest.subarray(0, end)));
      this.#rest = this.#rest.subarray(end + 1);
    }
  }

  /** The stream has ended: what stands there without a newline is a line too. */
  end(): void {
    if (this.#rest.length > 0) this.#onLine(withoutReturn(this.#rest));
    this.#rest = Buffer.alloc(0);
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
