// The setting `fields`, e.g. "title: fill, genre: off": which fields of Plex PlexSync fills, and how.
import { nearest } from './nearest.ts';

export const policies = ['mirror', 'fill', 'off'] as const;
/**
 * mirror: follows Stash, but for what a person did in Plex. fill: written once, where Plex has
 * nothing. off: not touched.
 */
export type FieldPolicy = (typeof policies)[number];

/** Fields by their write name in Plex, each with the name that a person types. */
const typedNames = {
  title: 'title',
  titleSort: 'titleSort',
  summary: 'summary',
  originallyAvailableAt: 'date',
  studio: 'studio',
  contentRating: 'contentRating',
  genre: 'genre',
  label: 'label',
  actor: 'actor',
  director: 'director',
  collection: 'collection',
} as const;
export type MirroredField = keyof typeof typedNames;
export type FieldPolicies = Readonly<Record<MirroredField, FieldPolicy>>;

/** What goes to Plex in ways of its own, beside the fields of its edit form. */
export const extras = ['poster', 'background', 'rating'] as const;
export type Extra = (typeof extras)[number];
export type ExtraPolicies = Readonly<Record<Extra, FieldPolicy>>;

/** Names for several fields at once; a field's own name goes before them, and `all` after them. */
const groups: Readonly<Record<string, readonly (MirroredField | Extra)[]>> = {
  tags: ['genre', 'label'],
  people: ['actor', 'director'],
  pictures: ['poster', 'background'],
};

const isMirroredField = (name: string): name is MirroredField => name in typedNames;
export const mirroredFields: readonly MirroredField[] =
  Object.keys(typedNames).filter(isMirroredField);

/** Every name that the setting takes. */
export const policyNames: readonly string[] = [
  ...Object.values(typedNames),
  ...extras,
  ...Object.keys(groups),
  'all',
];

export interface PoliciesCheck {
  readonly policies: FieldPolicies;
  readonly extras: ExtraPolicies;
  readonly problems: readonly string[];
}

/** Empty: mirror everything but the background. Each problem quotes the part that has it and says what would do. */
export function parsePolicies(text: string): PoliciesCheck {
  const problems: string[] = [];
  const typed = new Map<string, FieldPolicy>();
  for (const part of text.split(/[,;\n]/).map((one) => one.trim())) {
    if (part === '') continue;
    const [left = '', right = '', more] = part.split(/[:=]/).map((side) => side.trim());
    if (right === '' || left === '' || more !== undefined) {
      problems.push(`"${quoted(part)}" is not of the form field: policy, e.g. genre: off`);
      continue;
    }
    const name = nameOf(left);
    const policy = policies.find((known) => known === right.toLowerCase());
    if (name === undefined) problems.push(unknown('field', left, policyNames));
    if (policy === undefined) problems.push(unknown('policy', right, policies));
    if (name === undefined || policy === undefined) continue;
    if (typed.has(name)) problems.push(`"${name}" stands there twice; keep one of them`);
    typed.set(name, policy);
  }
  const named = (field: MirroredField | Extra): FieldPolicy | undefined => {
    const group = Object.keys(groups).find((name) => groups[name]?.includes(field) === true);
    const ofGroup = group === undefined ? undefined : typed.get(group);
    return typed.get(isMirroredField(field) ? typedNames[field] : field) ?? ofGroup;
  };
  const policyOf = (field: MirroredField | Extra): FieldPolicy =>
    named(field) ?? typed.get('all') ?? 'mirror';
  return {
    policies: ofEach(policyOf),
    extras: {
      poster: policyOf('poster'),
      // The same picture twice on one page: only for those who ask for it by name.
      background: named('background') ?? 'off',
      rating: policyOf('rating'),
    },
    problems,
  };
}

function ofEach(policyOf: (field: MirroredField) => FieldPolicy): FieldPolicies {
  return {
    title: policyOf('title'),
    titleSort: policyOf('titleSort'),
    summary: policyOf('summary'),
    originallyAvailableAt: policyOf('originallyAvailableAt'),
    studio: policyOf('studio'),
    contentRating: policyOf('contentRating'),
    genre: policyOf('genre'),
    label: policyOf('label'),
    actor: policyOf('actor'),
    director: policyOf('director'),
    collection: policyOf('collection'),
  };
}

/** Plex's own name of a field will do as well. */
function nameOf(typed: string): string | undefined {
  const word = typed.toLowerCase();
  const field = mirroredFields.find((known) => known.toLowerCase() === word);
  if (field !== undefined) return typedNames[field];
  return policyNames.find((known) => known.toLowerCase() === word);
}

function unknown(what: string, typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  return `"${quoted(typed)}" is no ${what}.${hint} There are ${known.join(', ')}`;
}

function quoted(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
