// The scene's item as the answer tells it: which, how it was matched, or why there is none.
import { causeOfWaiting } from '../../contract/causes.ts';
import type { ItemView } from '../../contract/sceneView.ts';
import type { Candidate, NoItemReason } from '../../domain/match/match.ts';
import type { PlexSection } from '../../domain/base/plexItem.ts';
import { partsOfItem } from '../../store/match/candidate.ts';
import type { Database } from '../../store/file/database.ts';
import { pinOf } from '../../store/match/pin.ts';
import { reviewOf } from '../../store/match/review.ts';
import { lastMatch, type SceneState } from '../../store/mirror/sceneState.ts';
import { index, readState } from '../../store/file/state.ts';
import type { Found } from '../../sync/match/known.ts';
import { reviewWords, type Unmatched } from '../../sync/match/unmatched.ts';

type None = NonNullable<ItemView['none']>;

/** `link` is added to the whole. */
const blank = {
  item: null,
  section: null,
  library: null,
  title: null,
  file: null,
  link: null,
  verified: false,
  match: null,
  none: null,
} as const;

export function unknownItem(db: Database, sceneId: number): ItemView {
  return { ...blank, state: 'unknown', pin: pinView(db, sceneId) };
}

/** Read from Plex just now. */
export function foundItem(
  db: Database,
  sceneId: number,
  state: SceneState | null,
  { item, evidence }: Found,
  sections: readonly PlexSection[],
): ItemView {
  const { ratingKey, sectionId, scalars, parts } = item;
  const has = state?.noItemReason === null && state.ratingKey === ratingKey;
  return {
    ...blank,
    state: has ? 'has' : 'would-match',
    item: ratingKey,
    section: sectionId,
    library: sections.find(({ id }) => id === sectionId)?.title ?? null,
    title: scalars.title,
    file: parts[0]?.file ?? null,
    verified: true,
    match: { how: evidence.how, score: evidence.score, why: evidence.why },
    pin: pinView(db, sceneId),
  };
}

/** As the data file knows it. */
export function rememberedItem(db: Database, sceneId: number, state: SceneState): ItemView {
  const { ratingKey, sectionId } = state;
  const [part] = ratingKey === null ? [] : partsOfItem(db, ratingKey);
  const { how, score, why } = lastMatch(db, sceneId);
  return {
    ...blank,
    state: 'has',
    item: ratingKey,
    section: sectionId,
    // The index may have looked before the push.
    title: state.pushed.scalars.title ?? part?.title ?? null,
    file: part?.file ?? null,
    match: how === null ? null : { how, score, why: why ?? '' },
    pin: pinView(db, sceneId),
  };
}

/** What the index alone would say. */
export function likelyView(db: Database, sceneId: number, best: Candidate): ItemView {
  return {
    ...blank,
    state: 'would-match',
    item: best.ratingKey,
    section: best.sectionId,
    title: best.title,
    file: best.file,
    match: { how: best.how, score: best.score, why: best.why },
    pin: pinView(db, sceneId),
  };
}

/** @param outcome what a push would come to, if that was looked at now */
export function noItem(
  db: Database,
  sceneId: number,
  reason: NoItemReason,
  outcome: Unmatched | null,
): ItemView {
  const cause = { code: reason, ...causeOfWaiting(reason) };
  const more = outcome === null ? rememberedReview(db, sceneId, reason) : detailsOf(outcome);
  const lookedAt = readState(db, index)?.refreshedAt ?? null;
  const none = { ...cause, ...more, lookedAt };
  return { ...blank, state: 'none', none, pin: pinView(db, sceneId) };
}

type Details = Pick<None, 'words' | 'candidates'>;

function detailsOf(outcome: Unmatched): Details {
  if (outcome.kind === 'gated') return { words: outcome.gate.words, candidates: [] };
  if (outcome.kind !== 'review') return { words: null, candidates: [] };
  return {
    words: `${reviewWords[outcome.reason]}.`,
    candidates: outcome.candidates.map(candidateView),
  };
}

function rememberedReview(db: Database, sceneId: number, reason: NoItemReason): Details {
  const review = reason === 'review' ? reviewOf(db, sceneId) : null;
  if (review === null) return { words: null, candidates: [] };
  const words: Readonly<Record<string, string>> = reviewWords;
  return {
    words: `${words[review.reason] ?? review.reason}.`,
    candidates: review.candidates.map(candidateView),
  };
}

function candidateView(one: Omit<Candidate, 'how'>): None['candidates'][number] {
  const { ratingKey, sectionId, title, file, score, why } = one;
  return { item: ratingKey, section: sectionId, title, file, score, why };
}

function pinView(db: Database, sceneId: number): ItemView['pin'] {
  const pin = pinOf(db, sceneId);
  if (pin === null) return null;
  if (pin.kind === 'never') return { kind: 'never', item: null, source: 'person' };
  return { kind: 'item', item: pin.ratingKey, source: pin.source };
}
