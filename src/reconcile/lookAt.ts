// Looks at up to 50 scenes as Stash has them: one request to Plex as a rule, then one judgement each.
// What could not be read is told as such: nothing is concluded from it.
import type { PlexItem } from '../domain/base/plexItem.ts';
import { folderHolding } from '../domain/match/libraryFolders.ts';
import type { SceneRead } from '../domain/base/scene.ts';
import { openFaces } from '../domain/gaps/shared.ts';
import { pinOf } from '../store/match/pin.ts';
import type { RunScope } from '../store/run/run.ts';
import type { LookedAt, RunPage } from '../store/run/runPage.ts';
import { isIndexed } from '../store/run/runScenes.ts';
import { type SceneState, sceneState } from '../store/mirror/sceneState.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { KnownScene } from '../sync/base/job.ts';
import { knownKeys } from '../sync/match/known.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import { keysPerRequest, readTogetherOrSingly } from '../sync/read/readItems.ts';
import { fileKeys, sceneText } from '../sync/read/sceneKeys.ts';
import { likelyItem, whichItem } from '../sync/match/whichItem.ts';
import { judgeFound, judgeUnmatched } from './judge.ts';
import { judgeGone } from './judgeGone.ts';

type Context = Pick<DrainContext, 'db' | 'settings' | 'rules' | 'plex'>;
export type Looked = Omit<RunPage, 'next'>;

/**
 * @param reads of up to 50 scenes; `stashRequests` of the answer is 0
 * @throws PlexSyncError when Plex failed as a server
 */
export async function lookAt(
  context: Context,
  plex: PlexIdentity,
  reads: readonly SceneRead[],
  scope: RunScope,
): Promise<Looked> {
  const { db, settings, rules } = context;
  const faces = openFaces(settings);
  const looked: LookedAt[] = [];
  const jobs: KnownScene[] = [];
  const gone: { readonly id: number; readonly state: SceneState }[] = [];
  let unread = 0;
  for (const read of reads) {
    if (read.kind === 'scene') {
      const scene = faces.trimmed(read.scene);
      const isLater = scope.until !== null && Date.parse(scene.updatedAt) >= scope.until;
      if (isLater) continue;
      const files = fileKeys(scene.files, rules);
      const state = sceneState(db, scene.id);
      jobs.push({ scene, files, text: sceneText(scene), state, pin: pinOf(db, scene.id) });
    } else if (read.kind === 'gone') {
      const state = sceneState(db, read.id);
      if (state === null || state.noItemReason === 'gone') continue;
      if (scope.library === null || state.sectionId === scope.library)
        gone.push({ id: read.id, state });
    } else {
      unread += 1;
    }
  }
  const shelf = openShelf(context);
  const goneKeys = settings.withdrawWhenGone
    ? gone.flatMap(({ state }) => state.ratingKey ?? [])
    : [];
  await shelf.fetch([...jobs.flatMap((job) => likelyKeys(context, job)), ...goneKeys]);
  for (const { id, state } of gone) {
    const item = goneKeys.length > 0 ? shelf.known(state.ratingKey ?? '') : null;
    looked.push(judgeGone(context, id, state, item));
  }
  for (const job of jobs) {
    const judged = await judge(context, plex, job, shelf);
    if (judged === 'unread') unread += 1;
    else if (isWithin(scope, judged)) looked.push(judged.looked);
  }
  return { looked, unread, stashRequests: 0, plexRequests: shelf.requests() };
}

function likelyKeys(context: Context, job: KnownScene): readonly string[] {
  const known = knownKeys(job);
  if (known.length > 0) return known;
  const match = likelyItem(context, job);
  return match.kind === 'item' ? [match.best.ratingKey] : [];
}

interface Judged {
  readonly looked: LookedAt;
  readonly sectionId: string | null;
}

async function judge(
  context: Context,
  plex: PlexIdentity,
  job: KnownScene,
  shelf: Shelf,
): Promise<Judged | 'unread'> {
  const { db } = context;
  const absent = new Set<string>();
  const items = async (keys: readonly string[]): Promise<ReadonlyMap<string, PlexItem>> => {
    const found = await shelf.take(keys);
    for (const key of keys) if (!found.has(key)) absent.add(key);
    return found;
  };
  try {
    const outcome = await whichItem(context, { sections: plex.sections, items }, job);
    if (outcome.kind === 'found') {
      const looked = judgeFound(context, plex, job, outcome);
      return { looked, sectionId: outcome.item.sectionId };
    }
    // Absence is proven by a whole walk of the libraries alone: one that is rebuilt answers empty.
    if ([...absent].some((key) => isIndexed(db, key))) return 'unread';
    const looked = judgeUnmatched(context, plex, job, outcome);
    return { looked, sectionId: job.state?.sectionId ?? libraryFor(plex, job) };
  } catch (error) {
    if (error instanceof Unreadable) return 'unread';
    throw error;
  }
}

/** A scene that never had an item is of the library in whose folders a file of it lies. */
function libraryFor({ sections }: PlexIdentity, { files }: KnownScene): string | null {
  const holds = (folders: readonly string[]): boolean =>
    files.some(({ plexPath }) => folderHolding(plexPath, folders) !== null);
  return sections.find(({ locations }) => holds(locations))?.id ?? null;
}

function isWithin({ library }: RunScope, { sectionId }: Judged): boolean {
  return library === null || sectionId === library;
}

/** An item that Plex could not read while it could read others. */
class Unreadable extends Error {}

interface Shelf {
  fetch(keys: readonly string[]): Promise<void>;
  /** Those that Plex has. @throws Unreadable */
  take(keys: readonly string[]): Promise<ReadonlyMap<string, PlexItem>>;
  /** Null as well where it could not be read. */
  known(key: string): PlexItem | null;
  requests(): number;
}

/** Items read for these scenes, each once. */
function openShelf({ plex }: Context): Shelf {
  const items = new Map<string, PlexItem>();
  const asked = new Set<string>();
  const failed = new Set<string>();
  let requests = 0;
  const fetch = async (keys: readonly string[]): Promise<void> => {
    const wanted = [...new Set(keys)].filter((key) => !asked.has(key));
    for (let at = 0; at < wanted.length; at += keysPerRequest) {
      const some = wanted.slice(at, at + keysPerRequest);
      requests += 1;
      const read = await readTogetherOrSingly({ plex }, some);
      for (const [key, item] of read.items) items.set(key, item);
      for (const key of read.failures.keys()) failed.add(key);
      for (const key of some) asked.add(key);
    }
  };
  return {
    fetch,
    take: async (keys) => {
      await fetch(keys);
      if (keys.some((key) => failed.has(key))) throw new Unreadable();
      return new Map(
        keys.flatMap((key) => {
          const item = items.get(key);
          return item === undefined ? [] : [[key, item] as const];
        }),
      );
    },
    known: (key) => items.get(key) ?? null,
    requests: () => requests,
  };
}
