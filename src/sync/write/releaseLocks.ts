// Releases the locks that PlexSync set in Plex, a page at a time: the values stay, and locks of a
// person's stay. What was looked at last is kept, so that a killed worker's successor goes on there.
import { isPlexSyncError, toPlexSyncError } from '../../contract/errors.ts';
import { isSuspect } from '../../domain/recover/failure.ts';
import { fingerprint, sameOf } from '../../domain/mirror/grouping.ts';
import { fields, isTagField, type ItemEdit, type PlexItem } from '../../domain/base/plexItem.ts';
import { releaseEdit } from '../../domain/mirror/release.ts';
import { ratingKeys } from '../../plex/ratingKeys.ts';
import { type Change, recordChanges } from '../../store/mirror/change.ts';
import * as control from '../../store/queue/control.ts';
import { type Release, releaseStages } from '../../store/queue/control.ts';
import { itemsOfScenes, leftItems, type OwnItem } from '../../store/mirror/ownLocks.ts';
import { transaction } from '../../store/file/sql.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { DrainContext } from '../base/context.ts';
import { releaseImageLocks } from '../extras/imageLocks.ts';
import { readItems } from '../read/readItems.ts';

type Context = Pick<DrainContext, 'db' | 'clock' | 'log' | 'plex'>;

const pageItems = 50;

/**
 * One page, if a release is under way.
 * @returns whether Plex took a write
 * @throws PlexSyncError when the server is not well; the page is tried again then
 */
export async function releaseLocks(context: DrainContext): Promise<boolean> {
  const { db, clock } = context;
  const now = readState(db, control.release);
  if (now === null || now.doneAt !== null) return false;
  const page =
    now.stage === 'scenes' || now.stage === 'left-items'
      ? await releaseItems(context, now, now.stage)
      : await releasePictures(context, now, now.stage);
  transaction(db, () => {
    recordChanges(db, page.changes, clock.now());
    // Ended by a person meanwhile: what was released stays so.
    if (readState(db, control.release)?.since !== now.since) return;
    writeState(db, control.release, {
      ...now,
      ...next(now, page, clock.now()),
      looked: now.looked + page.looked,
      released: now.released + page.released,
      failed: now.failed + page.failed,
    });
  });
  const after = readState(db, control.release);
  if (after !== null && after.doneAt !== null) tell(context, after);
  return page.released > 0;
}

interface Page {
  readonly looked: number;
  readonly released: number;
  readonly failed: number;
  readonly changes: readonly Change[];
  /** What was looked at last; null at the end of the stage. */
  readonly last: readonly string[] | null;
}

function next(now: Release, { last }: Page, at: number): Partial<Release> {
  if (last !== null) return { after: [...last] };
  const stage = releaseStages[releaseStages.indexOf(now.stage) + 1];
  return stage === undefined ? { doneAt: at } : { stage, after: [] };
}

interface LockJob extends OwnItem {
  readonly item: PlexItem;
  readonly edit: ItemEdit;
}

async function releaseItems(
  context: DrainContext,
  { after, since }: Release,
  stage: 'scenes' | 'left-items',
): Promise<Page> {
  const { db, clock } = context;
  const [last = ''] = after;
  const owned =
    stage === 'scenes'
      ? itemsOfScenes(db, Number(last), pageItems)
      : leftItems(db, last, pageItems);
  const read = await readItems(
    context,
    owned.map(({ ratingKey }) => ratingKey),
  );
  const jobs = owned.flatMap((own): readonly LockJob[] => {
    const item = read.items.get(own.ratingKey);
    const edit = item === undefined ? null : releaseEdit(item, own.values);
    return item === undefined || edit === null ? [] : [{ ...own, item, edit }];
  });
  const failed = await sendAll(context, jobs);
  const again = jobs.length === 0 ? read : await readItems(context, jobs.map(keyOf));
  const run = `release-${since.toString(36)}`;
  const changes = jobs.flatMap((job) =>
    changesOf(job, again.items.get(job.ratingKey), run, clock.now()),
  );
  const end = owned.at(-1);
  const cursor = stage === 'scenes' ? String(end?.sceneId ?? 0) : (end?.ratingKey ?? '');
  return {
    looked: owned.length,
    released: changes.length,
    failed: failed + read.failures.size,
    changes,
    last: owned.length < pageItems ? null : [cursor],
  };
}

const keyOf = ({ ratingKey }: OwnItem): string => ratingKey;

/** @returns how many items failed by their own fault */
async function sendAll(context: Context, jobs: readonly LockJob[]): Promise<number> {
  let failed = 0;
  let lastError: unknown;
  for (const group of sameOf(jobs, ({ edit }) => fingerprint(edit))) {
    for (const { error } of await send(context, group)) {
      failed += 1;
      lastError = error;
    }
  }
  // Every one of several failing is the server's doing, as far as it can be.
  if (failed > 1 && failed === jobs.length && isPlexSyncError(lastError)) {
    if (isSuspect(lastError.code)) throw lastError;
  }
  return failed;
}

/** Together; where that fails, one by one. */
async function send(
  context: Context,
  group: readonly LockJob[],
): Promise<readonly { readonly error: unknown }[]> {
  const { plex, log } = context;
  const [first, ...more] = group;
  if (first === undefined) return [];
  try {
    await plex.edit(first.item.sectionId, ratingKeys(group.map(keyOf)), first.edit);
    return [];
  } catch (thrown) {
    const error = toPlexSyncError(thrown);
    const may = ['plex-not-found', 'plex-bad-request'].includes(error.code);
    if (!may && !isSuspect(error.code)) throw error;
    // Throws if it is the server that is not well.
    await plex.server();
    if (more.length === 0) {
      const about = { item: first.ratingKey, code: error.code };
      log.write('warn', 'release', `A lock could not be released: ${error.message}`, about);
      return [{ error }];
    }
  }
  const failures: { readonly error: unknown }[] = [];
  for (const job of group) failures.push(...(await send(context, [job])));
  return failures;
}

/** One per lock that was there and is gone. */
function changesOf(
  { sceneId, item, edit }: LockJob,
  now: PlexItem | undefined,
  run: string,
  at: number,
): readonly Change[] {
  if (now === undefined) return [];
  return fields.flatMap((field): readonly Change[] => {
    if (edit.locks[field] !== false || now.locked.has(field)) return [];
    const value = isTagField(field) ? now.tags[field] : now.scalars[field];
    const { ratingKey, sectionId } = item;
    const same = { before: value, after: value, lockedBefore: true, lockedAfter: false };
    return [{ sceneId, ratingKey, sectionId, field, ...same, run, at }];
  });
}

async function releasePictures(
  context: Context,
  { after }: Release,
  kind: 'poster' | 'background',
): Promise<Page> {
  const [section = '', key = ''] = after;
  const { released, failed, last } = await releaseImageLocks(context, kind, [section, key]);
  return { looked: released + failed, released, failed, changes: [], last };
}

function tell({ log }: Context, { released, failed, looked }: Release): void {
  const rest = failed === 0 ? '' : `; at ${failed} items it failed`;
  const message = `${released} locks of PlexSync’s are released, of ${looked} items${rest}`;
  log.write('info', 'release', message, { released, failed, looked });
}
