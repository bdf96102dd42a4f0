// Gaps: what of a scene differs between Stash and Plex, field by field, and how sure that is. It reads
// the decision that a push would carry out, and decides nothing itself: what is told as a gap to be
// closed is what a push writes, no more and no less.
import type { Confidence, GapKind } from '../../contract/gaps.ts';
import type { DesiredItem } from '../mirror/desired.ts';
import type { SceneDecision } from '../mirror/diff.ts';
import type { PushedValues } from '../mirror/values.ts';
import { sameScalar } from '../mirror/diffScalar.ts';
import { keys } from '../mirror/diffTags.ts';
import { explainField, words } from '../words/explain.ts';
import { type Field, fields, isTagField, type PlexItem } from '../base/plexItem.ts';

/** Told, and left as they are whoever asks: nothing of a person's is touched. */
const onlyTold: ReadonlySet<GapKind> = new Set(['no-scene', 'edited']);

/** Whether a push of the scene can close gaps of the kind. */
export function isToClose(kind: GapKind): boolean {
  return !onlyTold.has(kind);
}

export type GapValue = string | readonly string[];

export interface FieldGap {
  readonly kind: Extract<GapKind, 'empty' | 'stale' | 'edited'>;
  readonly field: Field;
  readonly confidence: Confidence;
  readonly stash: GapValue;
  readonly plex: GapValue;
  /** The whole value after a push; null where a push leaves the value as it is. */
  readonly toCome: GapValue | null;
  /** In a sentence. */
  readonly reason: string;
}

export interface DecidedItem {
  readonly desired: DesiredItem;
  readonly item: PlexItem;
  /** What PlexSync put there last. */
  readonly pushed: PushedValues;
  readonly decision: SceneDecision;
  /** Fields that were cut to fit a request. */
  readonly cut: readonly Field[];
}

/** The gaps of a scene that has an item, in the order of the fields. */
export function fieldGaps(decided: DecidedItem): readonly FieldGap[] {
  return fields.flatMap((field) => gapOf(field, decided) ?? []);
}

function gapOf(
  field: Field,
  { desired, item, pushed, decision, cut }: DecidedItem,
): FieldGap | null {
  const [stash, plex] = [valueOf(field, desired), valueOf(field, item)];
  const verdict = explainField(field, desired, item, decision, cut);
  const sides = { field, stash, plex };
  if (verdict.kind === 'kept') {
    return {
      ...sides,
      kind: 'edited',
      confidence: isEmpty(plex) && !isEmpty(stash) ? 'definitely' : 'possibly',
      toCome: null,
      reason: verdict.words,
    };
  }
  if (verdict.kind === 'write') {
    const kind = isEmpty(plex) ? 'empty' : 'stale';
    const confidence = confidenceOf(field, stash, plex, pushed);
    const why = kind === 'empty' ? because.empty : because[confidence];
    const reason = `${why} ${verdict.words}`;
    return { ...sides, kind, confidence, toCome: verdict.toCome, reason };
  }
  // Switched off since: the lock alone is to go.
  if (decision.edit?.locks[field] === undefined) return null;
  const reason = words.givenBack;
  return { ...sides, kind: 'stale', confidence: 'possibly', toCome: null, reason };
}

const because = {
  empty: 'Plex has nothing there, Stash has.',
  definitely: 'Stash has changed since the last push.',
  possibly: 'Plex has something else than Stash.',
} as const;

function confidenceOf(
  field: Field,
  stash: GapValue,
  plex: GapValue,
  pushed: PushedValues,
): Confidence {
  if (isEmpty(plex) && !isEmpty(stash)) return 'definitely';
  const isDefinite = isTagField(field)
    ? isStillOurs(pushed.tags[field], listOf(stash), listOf(plex))
    : pushed.scalars[field] !== undefined &&
      !sameScalar(textOf(stash), pushed.scalars[field]) &&
      sameScalar(textOf(plex), pushed.scalars[field]);
  return isDefinite ? 'definitely' : 'possibly';
}

/** Of a list, PlexSync's part counts: tags that a person has there beside ours change nothing about it. */
function isStillOurs(
  pushed: readonly string[] | undefined,
  stash: readonly string[],
  plex: readonly string[],
): boolean {
  if (pushed === undefined || pushed.length === 0) return false;
  const [was, wanted, present] = [keys(pushed), keys(stash), keys(plex)];
  const isSame = was.size === wanted.size && [...was].every((key) => wanted.has(key));
  return !isSame && [...was].every((key) => present.has(key));
}

function valueOf(field: Field, of: Pick<PlexItem, 'scalars' | 'tags'>): GapValue {
  return isTagField(field) ? of.tags[field] : of.scalars[field];
}

function isEmpty(value: GapValue): boolean {
  return typeof value === 'string' ? value.trim() === '' : value.length === 0;
}

function textOf(value: GapValue): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: GapValue): readonly string[] {
  return typeof value === 'string' ? [] : value;
}
