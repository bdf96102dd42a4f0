// What a run finds that Stash does not date with the scenes: performers, studios, tags and groups that
// were changed or are gone, and, after an absence, scenes that are gone.
import { openFaces } from '../domain/gaps/shared.ts';
import { isFarFewer, mostSharedUnasked } from '../domain/gaps/absent.ts';
import { knownEntities } from '../store/queue/entity.ts';
import { isOfAll, type Run, type RunPlace } from '../store/run/run.ts';
import { keepPage } from '../store/run/runPage.ts';
import { knownScenes, knownScenesBetween } from '../store/run/runScenes.ts';
import { keepRaised, type SharedOne } from '../store/run/runShared.ts';
import type { SharedTime } from '../stash/sharedList.ts';
import type { DrainContext } from '../sync/base/context.ts';
import type { PlexIdentity } from '../sync/base/plexIdentity.ts';
import { lookAt } from './lookAt.ts';
import { idsPerRequest, type Listed, scenesPerStep } from './scenesPage.ts';

const items: RunPlace = { phase: 'items', after: '' };
const nothing = { looked: [], unread: 0, stashRequests: 0, plexRequests: 0 } as const;

/** Where a run goes on once it has looked at all scenes of its own. */
export function afterScenes(run: Run): RunPlace {
  const { scope, dry, origin } = run;
  // A run over all compares what each scene shares; one of a person's writes what it lists, no more.
  if (scope.since === null || dry || origin === 'person' || !isOfAll(scope)) return items;
  return scope.absent === true ? { phase: 'gone', after: 0 } : { phase: 'shared' };
}

/**
 * Raises what scenes share and has changed, as a hook of it would: its own row finds out which scenes
 * that concerns, if any.
 * @throws PlexSyncError of Stash's
 */
export async function lookAtShared(context: DrainContext, run: Run): Promise<void> {
  const { db, stash, clock } = context;
  const { since, absent = false } = run.scope;
  const from = since ?? 0;
  // With all of them it is seen which of those that scenes had are gone.
  const list = await stash.sharedList(absent ? null : from);
  const second = Math.floor(from / 1_000) * 1_000;
  const changed = list.items.filter(({ at }) => at >= second);
  const gone = absent ? goneOnes(context, list.items) : [];
  const tooMany =
    changed.length > mostSharedUnasked
      ? `${changed.length} performers, studios, tags and groups were changed in Stash, more than are looked into unasked`
      : gone.length > mostSharedUnasked || isFarFewer(list.items.length, gone.length)
        ? `Stash lists ${gone.length} performers, studios, tags and groups no more that scenes had`
        : null;
  if (tooMany !== null) context.log.write('warn', 'reconcile', tooMany, { run: run.id });
  const raised = tooMany === null ? [...changed, ...gone] : [];
  const page = { raised, stashRequests: list.requests, next: items, fullSyncNeeded: tooMany };
  if (!keepRaised(db, run, page, clock.now()) || raised.length === 0) return;
  const words = `${changed.length} performers, studios, tags and groups were changed in Stash, ${gone.length} are gone: their scenes are looked at`;
  context.log.write('info', 'reconcile', words, { run: run.id });
}

/** Those that scenes had when they were read last. That each is really gone its own row finds out. */
function goneOnes({ db }: DrainContext, listed: readonly SharedTime[]): readonly SharedOne[] {
  const present = new Set(listed.map(({ entity, id }) => `${entity}:${id}`));
  return knownEntities(db).filter(({ entity, id }) => !present.has(`${entity}:${id}`));
}

/**
 * Looks for scenes that are gone: a step is a page of Stash's numbers, or some of those that are missing
 * in it, each asked for by itself.
 * @param known the page asked for last
 * @returns the page, if there is more to do with it
 * @throws PlexSyncError of a server's
 */
export async function lookForGone(
  context: DrainContext,
  plex: PlexIdentity,
  run: Run,
  after: number,
  known: Listed | null,
): Promise<Listed | null> {
  const { db, stash, settings, clock } = context;
  const isKnown = known?.runId === run.id && known.after <= after && after < endOf(known);
  const listed: Listed = isKnown
    ? known
    : { runId: run.id, after, ...(await stash.sceneIdsAfter(after, idsPerRequest, null)) };
  const present = new Set(listed.ids);
  const missing = knownScenesBetween(db, after, endOf(listed), -1).filter((id) => !present.has(id));
  let stashRequests = isKnown ? 0 : 1;
  if (after === 0 || (!isKnown && isFarFewer(present.size, missing.length))) {
    const whole = after === 0 ? listed : await stash.sceneIdsAfter(0, 1, null);
    if (after !== 0) stashRequests += 1;
    if (isLeft(context, run, whole, stashRequests)) return null;
  }
  const some = missing.slice(0, scenesPerStep);
  const last = some.at(-1);
  const isAll = some.length === missing.length || last === undefined;
  const next: RunPlace = isAll
    ? listed.next === null
      ? { phase: 'shared' }
      : { phase: 'gone', after: listed.next }
    : { phase: 'gone', after: last };
  if (some.length === 0) {
    keepPage(db, run, { ...nothing, stashRequests, next }, clock.now());
    return null;
  }
  const reads = await stash.scenes(some, openFaces(settings).tagParents);
  // One that is there after all is none of this run's.
  const gone = reads.filter(({ kind }) => kind === 'gone');
  const looked = await lookAt(context, plex, gone, run.scope);
  const unread = reads.filter(({ kind }) => kind === 'failed' || kind === 'invalid').length;
  const page = { ...looked, unread, stashRequests: stashRequests + 1, next };
  keepPage(db, run, page, clock.now());
  return isAll ? null : listed;
}

function endOf({ next }: Pick<Listed, 'next'>): number {
  return next ?? Number.MAX_SAFE_INTEGER;
}

/**
 * Before the first page of a run over some: nothing is compared with a Stash that lost most of its scenes.
 * What it has is what the run looks for the gone in, later.
 * @returns null: it is left to a person's word, and nothing is looked at
 * @throws PlexSyncError of Stash's
 */
export async function wholeOrLeft(context: DrainContext, run: Run): Promise<Listed | null> {
  const whole = await context.stash.sceneIdsAfter(0, idsPerRequest, null);
  return isLeft(context, run, whole, 1) ? null : { runId: run.id, after: 0, ...whole };
}

/** Whether the rest of the run is left to a person's word: then it is at its end, and the status says why. */
function isLeft(
  context: DrainContext,
  run: Run,
  whole: Pick<Listed, 'ids' | 'left'>,
  stashRequests: number,
): boolean {
  const fewer = farFewer(context, run, whole);
  if (fewer === null) return false;
  context.log.write('warn', 'reconcile', fewer, { run: run.id });
  const page = { raised: [], stashRequests, next: items, fullSyncNeeded: fewer };
  keepRaised(context.db, run, page, context.clock.now());
  return true;
}

/**
 * A database that is being built anew, or put back, is no proof that scenes were deleted. What the run
 * itself has taken for gone still counts as known.
 * @param listed the first of its scenes, and how many more there are
 * @returns what to tell; null: it has about as many as are known
 */
export function farFewer(
  { db }: DrainContext,
  { figures }: Run,
  { ids, left }: Pick<Listed, 'ids' | 'left'>,
): string | null {
  const present = ids.length + left;
  const known = figures.known ?? knownScenes(db);
  const isEmpty = present === 0 && known > 0;
  return isEmpty || isFarFewer(present, known - present)
    ? `Stash has ${present} scenes, far fewer than the ${known} that PlexSync knows (if they were deleted, only Reconcile Library finds that)`
    : null;
}
