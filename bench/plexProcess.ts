// The simulated Plex as a process of its own: what it does for the worker is not done by the process
// that plays Stash, and its writes take their time however busy that one is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { request } from 'undici';
import * as v from 'valibot';

const greeting = v.object({
  url: v.string(),
  token: v.string(),
  sectionId: v.string(),
  controlUrl: v.string(),
});
const counts = v.object({
  requests: v.number(),
  reads: v.number(),
  writes: v.number(),
  editedItems: v.number(),
});
const items = v.array(
  v.object({ ratingKey: v.string(), parts: v.array(v.object({ file: v.string() })) }),
);
const itemAndHistory = v.object({
  item: v.object({
    title: v.string(),
    titleSort: v.string(),
    summary: v.string(),
    originallyAvailableAt: v.string(),
    studio: v.string(),
    contentRating: v.string(),
    genres: v.array(v.string()),
    actors: v.array(v.string()),
    directors: v.array(v.string()),
    collections: v.array(v.string()),
  }),
  history: v.array(v.object({ at: v.number(), query: v.string() })),
});
export type PlexCounts = v.InferOutput<typeof counts>;

export interface PlexProcess {
  readonly url: string;
  readonly token: string;
  readonly sectionId: string;
  setWriteServiceMs(ms: number): Promise<void>;
  /** Since its start. */
  counts(): Promise<PlexCounts>;
  /** Rating key by path of the file. */
  ratingKeys(): Promise<ReadonlyMap<string, string>>;
  /** The item's fields now, and its edits: when each was applied (Unix ms), and the PUT's query. */
  item(ratingKey: string): Promise<v.InferOutput<typeof itemAndHistory>>;
  close(): Promise<void>;
}

/** Path and size of the file of item `number`, counted from 1, as simulators/plex/main.ts makes them. */
export function plexFile(number: number): { readonly path: string; readonly size: number } {
  const name = `scene-${String(number).padStart(6, '0')}`;
  return { path: `/data/scenes/${name}.mp4`, size: 1_000_000 + number };
}

export async function startPlexProcess(itemCount: number): Promise<PlexProcess> {
  const program = join(import.meta.dirname, '..', 'simulators', 'plex', 'main.ts');
  const child = spawn(process.execPath, [program, '--items', String(itemCount)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
  if (first === undefined) throw new Error('the simulator of Plex did not start');
  const { controlUrl, ...where } = v.parse(greeting, JSON.parse(String(first[0])));

  const ask = async (path: string, change?: object): Promise<unknown> => {
    const answer = await request(`${controlUrl}/${path}`, {
      method: change === undefined ? 'GET' : 'PUT',
      body: change === undefined ? null : JSON.stringify(change),
    });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
    return await answer.body.json();
  };
  return {
    ...where,
    setWriteServiceMs: async (writeServiceMs) => {
      await ask('switches', { writeServiceMs });
    },
    counts: async () => v.parse(counts, await ask('counts')),
    ratingKeys: async () =>
      new Map(
        v
          .parse(items, await ask('items'))
          .map(({ ratingKey, parts }) => [parts[0]?.file ?? '', ratingKey]),
      ),
    item: async (ratingKey) => v.parse(itemAndHistory, await ask(`item/${ratingKey}`)),
    close: async () => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(patience);
      process.off('exit', end);
    },
  };
}
