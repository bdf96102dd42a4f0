// Pictures of scenes whose text is in Plex. A picture fails on its own account: it is tried again on
// its own schedule, given up for a person to see, and never holds up or fails the text.
import { type PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import { decideRetry, isSuspect, judge } from '../domain/failure.ts';
import { imageBackoff, imageKinds, type ImageSettings } from '../domain/image.ts';
import type { StashImage } from '../stash/image.ts';
import { forgetImagesOf } from '../store/image.ts';
import {
  dueImageRetries,
  forgetImageFailure,
  forgetImageFailures,
  imageRetryOf,
  recordImageAddress,
  recordImageFailure,
} from '../store/imageRetry.ts';
import { sceneState } from '../store/sceneState.ts';
import type { DrainContext } from './context.ts';
import { bySection, lockImages } from './imageLocks.ts';
import type { Stop } from './job.ts';
import { readItems } from './readItems.ts';
import { type ImageContext, type ImageJob, type ImageTask, sendImage } from './sendImage.ts';
import { stopOf } from './write.ts';

export interface ImagesOutcome {
  /** Pictures that were sent, and those left as a person chose them. */
  readonly sent: number;
  readonly kept: number;
  /** Failed by a fault of their own: tried again later, or given up. */
  readonly failed: number;
  /** A server failed: what was left waits for it, and has spent no attempt. */
  readonly stop: ImagesStop | null;
}

export type ImagesStop =
  | { readonly server: 'plex'; readonly stop: Stop }
  | { readonly server: 'stash'; readonly error: PlexSyncError };

/** What a server's failure left undone is looked at again after so long. */
const afterStopMs = 60_000;

/**
 * Brings the covers of these scenes to Plex, as far as they are not there. Never throws for a
 * server's failure; what fails or is left is recorded to be tried again by `dueImages`.
 */
export async function syncImages(
  context: ImageContext,
  jobs: readonly ImageJob[],
  settings: ImageSettings,
): Promise<ImagesOutcome> {
  const tasks = jobs.flatMap((job) =>
    imageKinds.filter((kind) => settings[kind]).map((kind): ImageTask => ({ job, kind })),
  );
  return await run(
    context,
    tasks.filter((task) => !isPostponed(context, task)),
  );
}

/**
 * Tries pictures again whose time has come, at most `limit`. Those of scenes that have no item any
 * more, and of kinds that are not mirrored any more, are forgotten.
 */
export async function dueImages(
  context: DrainContext,
  settings: ImageSettings,
  limit = 20,
): Promise<ImagesOutcome> {
  const { db, clock } = context;
  const retries = dueImageRetries(db, clock.now(), limit);
  const wanted = retries.flatMap((retry) => {
    const state = sceneState(db, retry.sceneId);
    const ratingKey = state?.noItemReason === null ? state.ratingKey : null;
    if (settings[retry.kind] && ratingKey !== null) return [{ ...retry, ratingKey }];
    forgetImageFailure(db, retry.sceneId, retry.kind);
    return [];
  });
  if (wanted.length === 0) return { sent: 0, kept: 0, failed: 0, stop: null };
  const tasks: ImageTask[] = [];
  try {
    const { items, failures } = await readItems(
      context,
      wanted.map(({ ratingKey }) => ratingKey),
    );
    for (const { sceneId, kind, address, correlation, ratingKey } of wanted) {
      const item = items.get(ratingKey) ?? null;
      const error = failures.get(ratingKey);
      // Without an item as Plex has it, only what failed of it is left to be told.
      const bare = { ratingKey, sectionId: '', locked: new Set<string>() };
      const task = { job: { sceneId, cover: address, item: item ?? bare, correlation }, kind };
      if (item !== null) tasks.push(task);
      else if (error === undefined) vanish(context, task);
      else settleFailure(context, task, error, false);
    }
  } catch (thrown) {
    const stop = stopOf(toPlexSyncError(thrown), null);
    return { sent: 0, kept: 0, failed: 0, stop: { server: 'plex', stop } };
  }
  return await run(context, tasks);
}

/** An edit of a scene must not hammer a picture that waits; one given up waits for another cover. */
function isPostponed({ db, clock }: ImageContext, { job, kind }: ImageTask): boolean {
  const retry = imageRetryOf(db, job.sceneId, kind);
  if (retry === null) return false;
  if (retry.dueAt === null) return retry.address === job.cover;
  if (retry.dueAt <= clock.now()) return false;
  recordImageAddress(db, job.sceneId, kind, job.cover);
  return true;
}

async function run(context: ImageContext, tasks: readonly ImageTask[]): Promise<ImagesOutcome> {
  const toLock: ImageTask[] = [];
  const counts = { sent: 0, current: 0, kept: 0, none: 0, failed: 0 };
  const coverOf = coverReader(context);
  const readAt = context.clock.now();
  let stop: ImagesStop | null = null;
  for (const task of tasks) {
    if (stop !== null) {
      putOff(context, task, stop);
      continue;
    }
    try {
      const result = await sendImage(context, task, readAt, () => coverOf(task.job));
      counts[result.kind] += 1;
      if (result.toLock) toLock.push(task);
      else forgetImageFailure(context.db, task.job.sceneId, task.kind);
      report(context, task, result.kind);
    } catch (thrown) {
      stop = await settle(context, task, toPlexSyncError(thrown));
      if (stop === null) counts.failed += 1;
    }
  }
  const { sent, kept, failed } = counts;
  const lockStop = await lock(context, toLock, stop);
  return { sent, kept, failed: failed + lockStop.failed, stop: lockStop.stop };
}

/** A cover that serves as both pictures is read once. */
function coverReader({ stash }: ImageContext): (job: ImageJob) => Promise<StashImage | null> {
  let last: { readonly job: ImageJob; readonly image: StashImage | null } | null = null;
  return async (job) => {
    if (last?.job !== job) last = { job, image: await stash.image(job.cover) };
    return last.image;
  };
}

async function lock(
  context: ImageContext,
  tasks: readonly ImageTask[],
  before: ImagesStop | null,
): Promise<{ readonly failed: number; readonly stop: ImagesStop | null }> {
  let stop = before;
  let failed = 0;
  for (const kind of imageKinds) {
    const ofKind = tasks.filter((task) => task.kind === kind);
    for (const [sectionId, keys] of bySection(ofKind.map(({ job }) => job.item))) {
      const these = ofKind.filter(({ job }) => keys.includes(job.item.ratingKey));
      if (stop?.server === 'plex') {
        for (const task of these) putOff(context, task, stop);
        continue;
      }
      try {
        await lockImages(context, sectionId, kind, keys, true);
        for (const { job } of these) forgetImageFailure(context.db, job.sceneId, kind);
      } catch (thrown) {
        const error = toPlexSyncError(thrown);
        for (const task of these) {
          stop = (await settle(context, task, error)) ?? stop;
          failed += 1;
        }
      }
    }
  }
  return { failed, stop };
}

function report({ log }: ImageContext, { job, kind }: ImageTask, what: string): void {
  const about = { cid: job.correlation, key: `scene:${job.sceneId}`, item: job.item.ratingKey };
  if (what === 'sent') log.write('info', 'image', `Sent the ${kind}`, about);
  if (what === 'kept') log.write('info', 'image', `Kept the ${kind} that a person chose`, about);
}

/** Whose failure it is, and what follows for the picture. @returns the stop if it is a server's */
async function settle(
  context: ImageContext,
  task: ImageTask,
  error: PlexSyncError,
): Promise<ImagesStop | null> {
  if (error.code.startsWith('stash-')) return settleStash(context, task, error);
  if (!error.code.startsWith('plex-')) {
    const isFinal = error.code === 'image-too-large' || error.code === 'image-unsupported';
    settleFailure(context, task, error, isFinal);
    return null;
  }
  const verdict = judge(error, { read: 'good', otherWrite: 'none', aloneFailures: 0 });
  if (isSuspect(error.code) || verdict.kind === 'look-up-again') {
    try {
      // A read of the item tells about it and about the server at once.
      const { ratingKey } = task.job.item;
      const found = await context.plex.items([ratingKey]);
      if (verdict.kind === 'look-up-again' && !found.has(ratingKey)) vanish(context, task);
      else settleFailure(context, task, error, false);
      return null;
    } catch (thrown) {
      return stopped(context, task, stopOf(toPlexSyncError(thrown), null));
    }
  }
  if (verdict.kind === 'permanent' || verdict.kind === 'item') {
    settleFailure(context, task, error, error.code === 'plex-bad-request');
    return null;
  }
  return stopped(context, task, stopOf(error, null));
}

/** Without Stash or a login nothing can be read; a timeout can be this one picture's as well. */
function settleStash(
  context: ImageContext,
  task: ImageTask,
  error: PlexSyncError,
): ImagesStop | null {
  const stop = { server: 'stash', error } as const;
  if (error.code === 'stash-unreachable' || error.code === 'stash-unauthorized') {
    putOff(context, task, stop);
    return stop;
  }
  settleFailure(context, task, error, false);
  return error.code === 'stash-timeout' ? stop : null;
}

function stopped(context: ImageContext, task: ImageTask, stop: Stop): ImagesStop {
  const images = { server: 'plex', stop } as const;
  putOff(context, task, images);
  return images;
}

/** Waits for the server, without having spent an attempt. */
function putOff({ db, clock }: ImageContext, task: ImageTask, stop: ImagesStop): void {
  const { job, kind } = task;
  const now = clock.now();
  const error = stop.server === 'plex' ? stop.stop.error : stop.error;
  const waitMs = stop.server === 'plex' && stop.stop.kind === 'wait' ? stop.stop.ms : afterStopMs;
  const attempts = imageRetryOf(db, job.sceneId, kind)?.attempts ?? 0;
  recordImageFailure(db, { ...aboutOf(task), dueAt: now + waitMs, attempts }, error, now);
}

function settleFailure(
  { db, clock, log }: ImageContext,
  task: ImageTask,
  error: PlexSyncError,
  isFinal: boolean,
): void {
  const { job, kind } = task;
  const now = clock.now();
  const before = imageRetryOf(db, job.sceneId, kind);
  const isAnother = before?.dueAt === null;
  const spent = before === null || isAnother ? 0 : before.attempts;
  const retry = decideRetry(imageBackoff, spent, now, clock.random(), error.retryAfterMs);
  const dueAt = isFinal || retry.kind === 'give-up' ? null : retry.dueAt;
  recordImageFailure(db, { ...aboutOf(task), dueAt, attempts: retry.attempts }, error, now);
  const { correlation: cid, sceneId } = job;
  const about = { cid, key: `scene:${sceneId}`, code: error.code, attempts: retry.attempts };
  if (dueAt === null) log.write('error', 'image', `Gave up the ${kind}: ${error.message}`, about);
  else {
    const wait = `next try in ${Math.ceil((dueAt - now) / 1000)} s`;
    log.write('warn', 'image', `The ${kind}: ${error.message}; ${wait}`, about);
  }
}

function aboutOf({ job, kind }: ImageTask) {
  return { sceneId: job.sceneId, kind, address: job.cover, correlation: job.correlation };
}

/** The item is gone: the scene's text looks for another, and its pictures come after it again. */
function vanish({ db }: ImageContext, { job }: ImageTask): void {
  forgetImagesOf(db, job.item.ratingKey);
  forgetImageFailures(db, job.sceneId);
}
