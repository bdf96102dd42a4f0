// Which Plex item is a scene's, how sure that is (0 to 100), and why. The ladder, surest first: a
// person's pin; the remembered item, verified by its files; the mapped path; a name and size that
// only one item has; a name and length that only one item has; and, for a person to choose from,
// the same bytes under another name, or the same title and date. Nothing is ever guessed: what is
// below the threshold, or fits two items equally, is a person's to decide.

/** A file of a scene, in the forms that are compared. */
export interface SceneFileKeys {
  /** Comparable path at which Plex should have it. */
  readonly plexPath: string;
  /** Comparable last component. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly durationMs: number | null;
}

/** A file of a Plex item, in the same forms. */
export interface PartKeys {
  readonly path: string;
  readonly name: string;
  /** Bytes; null where Plex has not analysed it yet. */
  readonly size: number | null;
  readonly durationMs: number | null;
}

/** A row of the index of Plex's files that has something in common with the scene. */
export interface CandidatePart extends PartKeys {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly title: string;
  /** As Plex spells it. */
  readonly file: string;
  /** Whether the item's title, and its date or studio, are the scene's. */
  readonly sameText: boolean;
}

export type How = 'pin' | 'url' | 'path' | 'name-size' | 'name-duration' | 'size-duration' | 'text';

export interface Evidence {
  readonly how: How;
  /** 0 to 100. */
  readonly score: number;
  /** In words, for a person. */
  readonly why: string;
}

export interface Candidate extends Evidence {
  readonly ratingKey: string;
  readonly sectionId: string;
  readonly title: string;
  readonly file: string;
}

/**
 * `no-file`: Stash has none. `outside`: its files lie in no library that is kept in step.
 * `waiting`: they do, and Plex has not scanned them yet. `review`: a person has to choose.
 * `excluded`: a person chose "never". `gone`: the scene is gone; what it put into Plex is known.
 */
export const noItemReasons = [
  'no-file',
  'outside',
  'waiting',
  'review',
  'excluded',
  'gated',
  'gone',
] as const;
export type NoItemReason = (typeof noItemReasons)[number];

/** Why a person is asked. */
export type ReviewReason =
  /** No candidate reaches the threshold. */
  | 'unsure'
  /** Two items fit equally well. */
  | 'several-items'
  /** Two scenes fit the item equally well. */
  | 'several-scenes'
  /** The item is another scene's already, which fits as well or was chosen. */
  | 'taken'
  /** The item that was chosen is gone from Plex, and its files with it. */
  | 'pin-gone';

export type Match =
  | { readonly kind: 'item'; readonly best: Candidate }
  | {
      readonly kind: 'review';
      readonly reason: ReviewReason;
      readonly candidates: readonly Candidate[];
    }
  | { readonly kind: 'none' };

/** Why each: see docs/matching.md, which a test holds to this table. */
export const scores = {
  pin: 100,
  path: 98,
  pathAndDuration: 90,
  pathAlone: 70,
  nameSizeDuration: 95,
  nameSize: 90,
  nameSizeOtherDuration: 70,
  nameDuration: 85,
  nameDurationOtherSize: 75,
  sizeDuration: 60,
  text: 50,
} as const;

const sameLengthMs = 1_000;
const candidatesAtMost = 10;

/** What file and part have in common; null if that says nothing about being the same video. */
export function compareFiles(file: SceneFileKeys, part: PartKeys): Evidence | null {
  const size = part.size === null ? 'unknown' : part.size === file.size ? 'same' : 'other';
  const length = compareLengths(file.durationMs, part.durationMs);
  if (part.path === file.plexPath) {
    if (size === 'unknown' && length === 'other') {
      return evidence('path', scores.pathAlone, 'the same path, but another length; no size known');
    }
    if (size !== 'other') return evidence('path', scores.path, 'the same path');
    if (length === 'same') {
      const why = 'the same path and length; the size differs';
      return evidence('path', scores.pathAndDuration, why);
    }
    const why = 'the same path, but another size and length: one side knows an older file';
    return evidence('path', scores.pathAlone, why);
  }
  const sameName = part.name === file.name;
  if (sameName && size === 'same') {
    if (length === 'same') {
      return evidence('name-size', scores.nameSizeDuration, 'the same name, size and length');
    }
    if (length === 'unknown') {
      return evidence('name-size', scores.nameSize, 'the same name and size');
    }
    const why = 'the same name and size, but another length';
    return evidence('name-size', scores.nameSizeOtherDuration, why);
  }
  if (sameName && length === 'same') {
    return size === 'unknown'
      ? evidence('name-duration', scores.nameDuration, 'the same name and length; no size known')
      : evidence(
          'name-duration',
          scores.nameDurationOtherSize,
          'the same name and length, but another size',
        );
  }
  if (size === 'same' && length === 'same') {
    const why = 'the same size and length under another name';
    return evidence('size-duration', scores.sizeDuration, why);
  }
  return null;
}

function evidence(how: How, score: number, why: string): Evidence {
  return { how, score, why };
}

function compareLengths(a: number | null, b: number | null): 'same' | 'other' | 'unknown' {
  if (a === null || b === null) return 'unknown';
  return Math.abs(a - b) <= sameLengthMs ? 'same' : 'other';
}

/**
 * Whether two parts surely are one file, under the same path or another: what a choice is known again
 * by. A path alone is not enough: another file may lie there now.
 */
export function isSameFile(a: PartKeys, b: PartKeys): boolean {
  const length = compareLengths(a.durationMs, b.durationMs);
  if (a.size !== null && b.size !== null && a.size !== b.size) {
    return a.path === b.path && length === 'same';
  }
  if (length === 'other') return false;
  if (a.path === b.path) return true;
  if (a.size === null || b.size === null) return a.name === b.name && length === 'same';
  return a.name === b.name || length === 'same';
}

/** Whether two lengths are within 1 % of each other. */
function similarLength(file: SceneFileKeys, part: PartKeys): boolean {
  const { durationMs: a } = file;
  const { durationMs: b } = part;
  return a !== null && b !== null && Math.abs(a - b) <= Math.max(a, b) / 100;
}

/** The ladder, surest first: of equal scores the upper rung counts. */
const rungs: Readonly<Record<How, number>> = {
  pin: 0,
  url: 1,
  path: 2,
  'name-size': 3,
  'name-duration': 4,
  'size-duration': 5,
  text: 6,
};

/** Below 0 if `a` is the surer. */
function bySureness(a: Evidence, b: Evidence): number {
  return b.score - a.score || rungs[a.how] - rungs[b.how];
}

/** The best that any file of the scene has in common with any part of an item. */
export function compareAll(
  files: readonly SceneFileKeys[],
  parts: readonly PartKeys[],
): Evidence | null {
  return allEvidence(files, parts)[0] ?? null;
}

/** Surest first. */
function allEvidence(
  files: readonly SceneFileKeys[],
  parts: readonly PartKeys[],
): readonly Evidence[] {
  return files
    .flatMap((file) => parts.flatMap((part) => compareFiles(file, part) ?? []))
    .toSorted(bySureness);
}

/**
 * Whether an item that was the scene's still is: by any evidence that reaches the threshold, or by
 * the same bytes under another name, since a file that is renamed in one place first looks so.
 */
export function verifyRemembered(
  files: readonly SceneFileKeys[],
  parts: readonly PartKeys[],
  threshold: number,
): Evidence | null {
  const found = allEvidence(files, parts);
  const best = found[0];
  if (best !== undefined && best.score >= threshold) return best;
  // Whatever else a further version of the item has in common with the scene.
  const bytes = found.find((evidence) => evidence.how === 'size-duration');
  return bytes === undefined
    ? null
    : { ...bytes, score: threshold, why: `its item so far: ${bytes.why}` };
}

interface Scored extends Candidate {
  /** Place of the file in the scene: the first is its primary one. */
  readonly fileIndex: number;
}

/** Decides among the index rows found for all files of a scene. */
export function matchParts(
  files: readonly SceneFileKeys[],
  parts: readonly CandidatePart[],
  threshold: number,
): Match {
  const ranked = rank(files, parts);
  const best = ranked[0];
  if (best === undefined) return { kind: 'none' };
  const candidates = ranked.slice(0, candidatesAtMost).map(asCandidate);
  if (best.score < threshold) return { kind: 'review', reason: 'unsure', candidates };
  // All of them: between the two may stand one of another rung.
  if (ranked.slice(1).some((other) => fitsAsWell(other, best, threshold))) {
    return { kind: 'review', reason: 'several-items', candidates };
  }
  return { kind: 'item', best: asCandidate(best) };
}

/** Whether the item is too much like the best one for a choice between them. */
function fitsAsWell(other: Scored, best: Scored, threshold: number): boolean {
  if (other.fileIndex !== best.fileIndex) return false;
  if (other.score === best.score) return true;
  // Surer by its bytes, but another lies at the very path: one of the two is a copy.
  if (other.how === 'path' && best.how !== 'path' && other.score >= threshold) return true;
  // What is below the threshold is ruled out: an item that Plex keeps of an older file at the path, a
  // name and size of another length. Not so by name and length alone: there two prove nothing.
  return other.how === best.how && (other.score >= threshold || best.how === 'name-duration');
}

/** Each item once, by its best evidence; the surest first, among equals the primary file's. */
function rank(files: readonly SceneFileKeys[], parts: readonly CandidatePart[]): readonly Scored[] {
  const byItem = new Map<string, Scored>();
  for (const part of parts) {
    files.forEach((file, fileIndex) => {
      const found =
        compareFiles(file, part) ??
        (part.sameText && similarLength(file, part)
          ? evidence('text', scores.text, 'the same title, with the date or studio, and length')
          : null);
      if (found === null) return;
      const { ratingKey, sectionId, title, file: path } = part;
      const scored = { ...found, ratingKey, sectionId, title, file: path, fileIndex };
      const known = byItem.get(ratingKey);
      if (known === undefined || compareScored(scored, known) < 0) byItem.set(ratingKey, scored);
    });
  }
  return [...byItem.values()].toSorted(compareScored);
}

/** Below 0 if `a` goes first. To the last difference: the order of the index's rows must not show. */
function compareScored(a: Scored, b: Scored): number {
  return (
    b.score - a.score ||
    a.fileIndex - b.fileIndex ||
    bySureness(a, b) ||
    a.ratingKey.length - b.ratingKey.length ||
    compareText(a.ratingKey, b.ratingKey) ||
    compareText(a.file, b.file) ||
    compareText(a.why, b.why)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function asCandidate(scored: Scored): Candidate {
  const { ratingKey, sectionId, title, file, how, score, why } = scored;
  return { ratingKey, sectionId, title, file, how, score, why };
}
