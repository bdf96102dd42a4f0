// What Plex should show for a scene: a pure translation of the Stash scene, field by field.
import type { ScalarField, TagField } from './plexItem.ts';
import type { NamedEntity, Scene } from './scene.ts';
import { cleanLine, cleanText, cutToEncodedBytes, tagKey } from './text.ts';

/** '' and [] mean that Stash has nothing for the field; what that clears is the diff's decision. */
export interface DesiredItem {
  readonly scalars: Readonly<Record<ScalarField, string>>;
  readonly tags: Readonly<Record<TagField, readonly string[]>>;
  /** Fields whose text was cut to fit a request. */
  readonly cut: readonly ScalarField[];
}

/**
 * Bytes, percent-encoded, that a field may take of a request target of 6,000: Plex answers longer
 * ones inconsistently (reports of 414 from about 300 ids on).
 */
export const maxEncodedBytes: Readonly<Record<ScalarField, number>> = {
  title: 2_000,
  summary: 5_000,
  originallyAvailableAt: 30,
  studio: 1_000,
};
const maxTagEncodedBytes = 600;

export function desiredItem(scene: Scene): DesiredItem {
  const full: Record<ScalarField, string> = {
    title: cleanLine(scene.title ?? ''),
    summary: cleanText(scene.details ?? ''),
    originallyAvailableAt: fullDate(scene.date),
    studio: cleanLine(scene.studio?.name ?? ''),
  };
  const cut: ScalarField[] = [];
  const fit = (field: ScalarField): string => {
    const text = cutToEncodedBytes(full[field], maxEncodedBytes[field]);
    if (text !== full[field]) cut.push(field);
    return text;
  };
  return {
    scalars: {
      title: fit('title'),
      summary: fit('summary'),
      originallyAvailableAt: full.originallyAvailableAt,
      studio: fit('studio'),
    },
    tags: { genre: names(scene.tags), actor: names(scene.performers) },
    cut,
  };
}

/** Stash keeps "2020" and "2020-07" as they are; Plex takes full dates only: the first day of each. */
function fullDate(date: string | null): string {
  if (date === null) return '';
  return date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
}

function names(entities: readonly NamedEntity[]): readonly string[] {
  const byKey = new Map<string, string>();
  for (const entity of entities) {
    const name = cutToEncodedBytes(cleanLine(entity.name), maxTagEncodedBytes);
    const key = tagKey(name);
    if (key !== '' && !byKey.has(key)) byKey.set(key, name);
  }
  return [...byKey.values()];
}
