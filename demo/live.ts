// The demo that goes on: story, terminal and page together, until time or a person ends it.
import { summaryOf } from './events.ts';
import type { Installation } from './installation.ts';
import { markOf } from './mark.ts';
import { openPage } from './page/server.ts';
import { seededRandom } from './random.ts';
import { Show } from './show.ts';
import { paused, playStory } from './story.ts';
import type { Terminal } from './terminal.ts';

const lookEveryMs = 50;
const askEveryMs = 1_000;
/** An outage that ends with the demo: the longest pause between PlexSync's looks, and some more. */
const lastArrivalsMs = 90_000;

export interface LiveOptions {
  readonly terminal: Terminal;
  readonly port: number;
  readonly seconds: number | null;
  /** Ctrl-C and the like: ends at once. */
  readonly stop: AbortSignal;
}

/** @returns the exit code: 1 if it ended by itself and something had not arrived */
export async function runLive(installation: Installation, options: LiveOptions): Promise<0 | 1> {
  const { terminal, seconds, stop } = options;
  const random = seededRandom(Date.now());
  const show = new Show(installation, random, (event) => terminal.event(event));
  const page = await openPage(show, options.port);
  terminal.line(
    'PlexSync between a simulated Stash and a simulated Plex, 200 scenes. Ctrl-C ends it.',
  );
  terminal.line(`Side by side in a browser: ${page.url}`);
  const ended = new AbortController();
  const looking = repeat(lookEveryMs, ended.signal, () => show.look());
  const asking = repeat(askEveryMs, ended.signal, async () => {
    await show.ask();
    const { changes, arrived } = show.ledger.totals();
    terminal.status(markOf(show.report), `(${arrived} of ${changes} changes are in Plex)`);
  });
  const watching = Promise.all([looking, asking]);
  const time =
    seconds === null ? stop : AbortSignal.any([stop, AbortSignal.timeout(seconds * 1000)]);
  try {
    await Promise.race([playStory(show, random, time), watching]);
    if (!stop.aborted) {
      await show.startPlex();
      await settled(show, stop);
    }
  } finally {
    ended.abort();
    await page.close();
    await watching.catch(() => {});
    terminal.end();
  }
  const totals = show.ledger.totals();
  terminal.line(summaryOf(totals));
  return stop.aborted || totals.arrived === totals.changes ? 0 : 1;
}

async function settled(show: Show, stop: AbortSignal): Promise<void> {
  const end = Date.now() + lastArrivalsMs;
  while (show.ledger.waiting.size > 0 && Date.now() < end) {
    if (!(await paused(lookEveryMs, stop))) return;
  }
}

async function repeat(
  everyMs: number,
  stop: AbortSignal,
  task: () => void | Promise<void>,
): Promise<void> {
  do await task();
  while (await paused(everyMs, stop));
}
