/** Carries out an edit: the only way in which a client changes the library. */
import { type Answer, failure } from './answer.ts';
import { BadEditError, type EditPlan, planEdit, type TagStep, type WantedTag } from './editPlan.ts';
import { BadQueryError, selectingPairs } from './filter.ts';
import type { Entry, ItemState, TagKind, TagLink } from './item.ts';
import type { Library } from './library.ts';
import { select } from './listing.ts';
import { argument, type QueryPair } from './query.ts';
import type { Section } from './section.ts';
import type { PlexSwitches } from './switches.ts';

/** One item changed by one request. */
export interface AppliedEdit {
  readonly before: ItemState;
  readonly after: ItemState;
  /** The request named no items, so that it changed every item of the section. */
  readonly everyItem: boolean;
}

export interface EditOutcome {
  readonly answer: Answer;
  readonly applied: readonly AppliedEdit[];
}

/**
 * `PUT /library/sections/{id}/all`. **Without `id` or a filter it edits every item**: OpenAPI,
 * "All tracks: …?type=10&title.value=NewName"; python-plexapi `lockAllField`. Of several ids the
 * missing ones are passed over [?]; 404 when none is left.
 */
export function editSection(
  library: Library,
  section: Section,
  pairs: readonly QueryPair[],
  switches: PlexSwitches,
): EditOutcome {
  try {
    // Whether `type` may be missing is not known [?]; every known client sends it.
    if (argument(pairs, 'type') === undefined) throw new BadEditError('no type');
    const plan = planEdit(pairs);
    const everyItem = selectingPairs(plan.selecting).every(({ value }) => value === '');
    const entries = select(library, section, plan.selecting, undefined);
    if (entries.length === 0 && !everyItem) return { answer: failure(404), applied: [] };
    const { tagMode: single, groupTagMode: shared } = switches;
    const tagMode = entries.length > 1 && shared !== 'same' ? shared : single;
    const applied = entries.map((entry) => {
      const before = entry.state;
      library.replace(entry, edited(library, entry, plan, { ...switches, tagMode }));
      return { before, after: entry.state, everyItem };
    });
    return { answer: { kind: 'empty' }, applied };
  } catch (error) {
    if (error instanceof BadEditError || error instanceof BadQueryError) {
      return { answer: failure(400), applied: [] };
    }
    throw error;
  }
}

function edited(
  library: Library,
  { state }: Entry,
  plan: EditPlan,
  switches: PlexSwitches,
): ItemState {
  const tags = { ...state.tags };
  for (const step of plan.tagSteps) {
    tags[step.kind] = withStep(library, tags[step.kind] ?? [], step, switches);
  }
  const numbers = { ...state.numbers };
  for (const [field, value] of plan.numbers) {
    if (value === undefined) delete numbers[field];
    else numbers[field] = value;
  }
  return {
    ...state,
    addedAt: plan.addedAt ?? state.addedAt,
    updatedAt: library.nowSeconds(),
    text: { ...state.text, ...Object.fromEntries(plan.text) },
    numbers,
    tags,
    locked: withLocks(state.locked, plan.locks),
  };
}

/** Setting a value does not lock it, and an unlock leaves no entry behind. */
function withLocks(locked: readonly string[], locks: EditPlan['locks']): string[] {
  const added = [...locks].flatMap(([name, on]) => (on && !locked.includes(name) ? [name] : []));
  return [...locked.filter((name) => locks.get(name) !== false), ...added];
}

/**
 * Steps on one kind are taken in the order of the query; nobody has shown what a real server does
 * with an addition and a removal in one request [?].
 */
function withStep(
  library: Library,
  links: readonly TagLink[],
  step: TagStep,
  { tagMode, tagCase }: PlexSwitches,
): readonly TagLink[] {
  if (step.step === 'clear') return [];
  if (step.step === 'remove') {
    const gone = new Set(step.names.map((name) => library.tags.find(step.kind, name, tagCase)?.id));
    return links.filter((link) => !gone.has(link.tagId));
  }
  // A tag that the item has keeps its place: that a repeated tag moves has not been shown [?].
  const result = new Map(tagMode === 'append' ? links.map((link) => [link.tagId, link]) : []);
  for (const wanted of step.wanted) {
    const link = associated(library, step.kind, wanted, tagCase);
    result.set(link.tagId, { ...result.get(link.tagId), ...link });
  }
  return [...result.values()];
}

/** The role goes on the association, the picture on the tag that all items share. */
function associated(
  library: Library,
  kind: TagKind,
  { name, role, thumb }: WantedTag,
  tagCase: PlexSwitches['tagCase'],
): TagLink {
  const tag = library.tags.obtain(kind, name, tagCase);
  if (thumb !== undefined) tag.thumb = thumb;
  return role === undefined ? { tagId: tag.id } : { tagId: tag.id, role };
}
