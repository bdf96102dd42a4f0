// Learns where Stash has its files, a page at a time between the batches, and finds from that by
// which path mappings Plex sees them. Once per walk of Plex's library; after the first time it asks
// Stash for new scenes only, since the others tell their changes by their events.
import { isPlexSyncError } from '../../contract/errors.ts';
import { findMappings, rulesInUse } from '../../domain/match/mappingSearch.ts';
import type { Settings } from '../../contract/settings.ts';
import type { PathRule } from '../../contract/pathRules.ts';
import { putSceneFiles, sceneFileCount, withCounterparts } from '../../store/match/sceneFile.ts';
import { isAnyWithout } from '../../store/mirror/sceneLists.ts';
import { transaction } from '../../store/file/sql.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { Database } from '../../store/file/database.ts';
import type { DrainContext } from '../base/context.ts';

const scenesPerPage = 500;
/** After Stash could not answer, though it is there. */
const retryMs = 3_600_000;
/** Scenes come by the hundred while Stash scans, and finding mappings goes through all files. */
const relearnMs = 600_000;
const lookMs = 10_000;

export interface Survey {
  /** Unix ms from which on there is a page to ask for, or null. */
  nextAt(): number | null;
  /** Asks for a page if one is due. @throws PlexSyncError of Stash's when it is away */
  step(context: DrainContext): Promise<void>;
}

export function openSurvey(db: Database): Survey {
  let notBefore = 0;
  /** Counting the files of a large library is not for each batch. */
  let lookAgainAt = 0;
  const due = (): boolean => {
    const index = readState(db, state.index);
    // Without Plex's side there is nothing to compare with.
    if (index === null) return false;
    const doneAt = readState(db, state.survey)?.doneAt ?? null;
    return doneAt === null || doneAt < index.fullWalkAt;
  };
  return {
    nextAt: () => (due() ? notBefore : null),
    step: async (context) => {
      if (!due()) {
        const now = context.clock.now();
        if (now < lookAgainAt) return;
        lookAgainAt = now + lookMs;
        if (mayLearnMore(context)) learnMappings(context, context.settings);
        return;
      }
      if (context.clock.now() < notBefore) return;
      try {
        await askForPage(context);
      } catch (error) {
        if (!isPlexSyncError(error) || !isAnswer(error.code)) throw error;
        // Matching does without; what waits to be pushed must not wait for this.
        notBefore = context.clock.now() + retryMs;
        context.log.write('warn', 'survey', `Stash's files could not be read: ${error.message}`);
      }
    },
  };
}

/** Files that came since may prove a mapping for scenes that are outside, or in review. */
function mayLearnMore({ db, clock }: DrainContext): boolean {
  const learned = readState(db, state.mapping);
  if (learned === null || clock.now() - learned.at < relearnMs) return false;
  return isAnyWithout(db, ['outside', 'review']) && sceneFileCount(db) !== learned.report.files;
}

/** Stash is there, and cannot answer this. */
function isAnswer(code: string): boolean {
  return code === 'stash-query-failed' || code === 'stash-bad-answer';
}

async function askForPage(context: DrainContext): Promise<void> {
  const { db, clock, stash, settings } = context;
  const afterId = readState(db, state.survey)?.afterId ?? 0;
  const page = await stash.sceneFilesAfter(afterId, scenesPerPage);
  const last = page.scenes.at(-1)?.id ?? afterId;
  const isLast = page.count <= page.scenes.length;
  transaction(db, () => {
    for (const { id, files, complete } of page.scenes) putSceneFiles(db, id, files, complete);
    const left = Math.max(0, page.count - page.scenes.length);
    writeState(db, state.survey, { afterId: last, doneAt: null, left });
  });
  if (!isLast) return;
  learnMappings(context, settings);
  writeState(db, state.survey, { afterId: last, doneAt: clock.now(), left: 0 });
}

/** Finds the mappings anew from the files known on both sides. */
export function learnMappings({ db, clock, log }: DrainContext, settings: Settings): void {
  const before = JSON.stringify(rulesOf(db, settings));
  const report = withCounterparts(db, (pairs) => findMappings(pairs, settings.pathRules));
  writeState(db, state.mapping, {
    at: clock.now(),
    report: {
      ...report,
      rules: [...report.rules],
      handRules: [...report.handRules],
      unexplained: [...report.unexplained],
    },
  });
  if (JSON.stringify(rulesOf(db, settings)) === before) return;
  for (const rule of report.rules) {
    const use = rule.use === 'used' ? 'in use' : 'offered, not used';
    log.write('info', 'mapping', `${rule.stash} => ${rule.plex} (${use}): ${rule.why}`, {
      explains: rule.explains,
      contradicts: rule.contradicts,
    });
  }
}

/** The path mappings in use: those written by hand, and what was found besides. */
export function rulesOf(db: Database, settings: Settings): readonly PathRule[] {
  const found = readState(db, state.mapping)?.report.rules ?? [];
  return rulesInUse(settings.pathRules, found);
}
