// What Plex should show for a scene: a pure translation of the Stash scene, field by field.
import type { FieldPolicy } from '../../contract/fieldPolicies.ts';
import type { FieldSettings } from '../../contract/fieldSettings.ts';
import type { Template } from '../../contract/template.ts';
import { directorNames, performerNames } from './people.ts';
import { type Field, isTagField, type ScalarField, type TagField } from '../base/plexItem.ts';
import type { NamedEntity, Scene } from '../base/scene.ts';
import { chosenTags } from './tagChoice.ts';
import { cleanLine, cleanText, cutToEncodedBytes, tagKey } from '../base/text.ts';
import { renderTemplate, shownTitle } from './title.ts';
import { unsetBecause } from './unset.ts';

/**
 * What is done about a field: what the person set, or `untouched` where this scene has nothing to
 * say about a field that others have.
 */
export type FieldRule = FieldPolicy | 'untouched';

/** '' and [] mean that Stash has nothing for the field; what that clears is the diff's decision. */
export interface DesiredItem {
  readonly scalars: Readonly<Record<ScalarField, string>>;
  readonly tags: Readonly<Record<TagField, readonly string[]>>;
  readonly rules: Readonly<Record<Field, FieldRule>>;
  /** Fields whose text was cut to fit a request. */
  readonly cut: readonly ScalarField[];
}

/**
 * Bytes, percent-encoded, that a field may take of a request target of 6,000: Plex answers longer
 * ones inconsistently (reports of 414 from about 300 ids on).
 */
export const maxEncodedBytes: Readonly<Record<ScalarField, number>> = {
  title: 2_000,
  titleSort: 2_000,
  summary: 5_000,
  originallyAvailableAt: 30,
  studio: 1_000,
  contentRating: 500,
};
const maxTagEncodedBytes = 600;

export function desiredItem(scene: Scene, settings: FieldSettings): DesiredItem {
  const studio = shownStudio(scene, settings);
  const actor = performerNames(scene.performers, settings.performerDisambiguation);
  const called = (template: Template): string => {
    const title = shownTitle(scene);
    const values = {
      title,
      studio: cleanLine(studio?.name ?? ''),
      date: scene.date ?? '',
      performers: actor.join(', '),
      code: cleanLine(scene.code ?? ''),
    };
    // Where the scene has nothing of what the template names.
    return renderTemplate(template, values) || title;
  };
  const full: Record<ScalarField, string> = {
    title: called(settings.titleTemplate),
    titleSort: settings.sortTitleTemplate === null ? '' : called(settings.sortTitleTemplate),
    summary: cleanText(scene.details ?? ''),
    originallyAvailableAt: fullDate(scene.date),
    studio: cleanLine(studio?.name ?? ''),
    contentRating: settings.contentRating,
  };
  const cut: ScalarField[] = [];
  const fit = (field: ScalarField): string => {
    const text = cutToEncodedBytes(full[field], maxEncodedBytes[field]);
    if (text !== full[field]) cut.push(field);
    return text;
  };
  const tags = unique(chosenTags(scene.tags, settings).map(nameOf)).slice(0, settings.tagLimit);
  const collections = [
    ...(settings.studioCollections && studio !== null ? [studio] : []),
    ...(settings.groupCollections ? scene.groups : []),
  ];
  const wanted = {
    scalars: {
      title: fit('title'),
      titleSort: fit('titleSort'),
      summary: fit('summary'),
      originallyAvailableAt: full.originallyAvailableAt,
      studio: fit('studio'),
      contentRating: fit('contentRating'),
    },
    tags: {
      genre: settings.tagsAs === 'genre' ? tags : [],
      label: settings.tagsAs === 'label' ? tags : [],
      actor: unique(actor),
      director: unique(directorNames(scene.director)),
      collection: unique(collections.map(nameOf)),
    },
  };
  return { ...wanted, rules: rulesOf(scene, settings, wanted), cut };
}

/** Whether nobody has entered anything that says what the scene is. */
export function isBare(scene: Scene): boolean {
  const texts = [scene.title, scene.details, scene.date].map((text) => cleanLine(text ?? ''));
  const lists = [scene.tags, scene.performers];
  return (
    scene.studio === null &&
    texts.every((text) => text === '') &&
    lists.every((list) => list.length === 0)
  );
}

function rulesOf(
  scene: Scene,
  settings: FieldSettings,
  { scalars, tags }: Pick<DesiredItem, 'scalars' | 'tags'>,
): DesiredItem['rules'] {
  const bare = isBare(scene);
  const rule = (field: Field): FieldRule => {
    const policy = unsetBecause(field, settings) !== null ? 'off' : settings.policies[field];
    // A bare scene has its name from its file alone, and of its collections only some.
    const isEmpty = isTagField(field) ? tags[field].length === 0 : scalars[field] === '';
    const says = !isEmpty && !['title', 'titleSort', 'collection'].includes(field);
    return bare && policy !== 'off' && !says ? 'untouched' : policy;
  };
  return {
    title: rule('title'),
    titleSort: rule('titleSort'),
    summary: rule('summary'),
    originallyAvailableAt: rule('originallyAvailableAt'),
    studio: rule('studio'),
    contentRating: rule('contentRating'),
    genre: rule('genre'),
    label: rule('label'),
    actor: rule('actor'),
    director: rule('director'),
    collection: rule('collection'),
  };
}

function shownStudio({ studio }: Scene, { parentStudio }: FieldSettings): NamedEntity | null {
  return parentStudio ? (studio?.parent ?? studio) : studio;
}

/** Stash keeps "2020" and "2020-07" as they are; Plex takes full dates only: the first day of each. */
export function fullDate(date: string | null): string {
  if (date === null) return '';
  return date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
}

function nameOf({ name }: NamedEntity): string {
  return name;
}

/** Names as Plex gets them, each once however it is spelled, none empty. */
function unique(names: readonly string[]): readonly string[] {
  const byKey = new Map<string, string>();
  for (const raw of names) {
    const name = cutToEncodedBytes(cleanLine(raw), maxTagEncodedBytes);
    const key = tagKey(name);
    if (key !== '' && !byKey.has(key)) byKey.set(key, name);
  }
  return [...byKey.values()];
}
