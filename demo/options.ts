// What the demo can be told on its command line.
import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly once: boolean;
  /** Port of the page; 0 = any free one. */
  readonly port: number;
  /** After how many seconds it ends by itself; null = when it is told to. */
  readonly seconds: number | null;
}

export const help = `npm run demo [-- options]

A simulated Stash and a simulated Plex with 200 scenes, and the built plugin between them. Scenes
are edited in Stash now and then; the terminal tells what changed where. Ctrl-C ends it.

  --once         make one edit, wait until Plex has it, print before and after; exit 0, or 1 if it
                 has not arrived within 30 seconds
  --seconds N    end after N seconds, once everything has arrived
  --port N       port of the page that shows both side by side (else any free one)
  --help         print this`;

/** @throws Error in words for the person, for options that do not exist or make no sense */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, but is ${values.port}.`);
  }
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0 && seconds <= 86_400)) {
    throw new Error(`--seconds must be a number from 1 to 86400, but is ${values.seconds}.`);
  }
  return { once: values.once, port, seconds };
}
