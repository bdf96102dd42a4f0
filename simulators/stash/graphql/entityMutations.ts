// What changes performers, studios, tags and groups, and the hooks that it fires. No scene's
// `updated_at` moves by any of it (stashapp/stash internal/api/resolver_mutation_performer.go and
// its siblings).
import { StashError } from '../errors.ts';
import { isRecord } from '../goFormats.ts';
import { hookInput } from '../plugins/hookInput.ts';
import { type EntityKind, type EntityRecord, entityKinds } from '../store/records.ts';
import { parseId } from '../store/find.ts';
import type { EntityChange, StashStore } from '../store/store.ts';
import { type Args, type RequestContext, type Resolvers, textList, textOf } from './context.ts';
import { mergedList, mergedTexts, parseImage } from './input.ts';
import { emptyFields, entityView } from './views.ts';

type Event = 'Create' | 'Update' | 'Destroy' | 'Merge';

const typeNames: Readonly<Record<EntityKind, string>> = {
  performer: 'Performer',
  studio: 'Studio',
  tag: 'Tag',
  group: 'Group',
};

export const entityMutations: Resolvers = {
  ...Object.fromEntries(entityKinds.flatMap((kind) => Object.entries(resolversOf(kind)))),

  // A hook for the tag that stays; none for those that go.
  tagsMerge: async ({ input }, context) => {
    const fields = isRecord(input) ? input : {};
    const sources = mergeSources(fields);
    const destination = parseId(textOf(fields['destination']), 'converting destination id: ');
    if (sources.length === 0) return null;
    const target = entityOrThrow('tag', destination, context.store);
    if (sources.includes(destination)) {
      throw new StashError('cannot merge where source == destination');
    }
    for (const id of sources) requireExisting('tag', id, context.store);
    context.store.mergeEntities('tag', sources, destination);
    const sent = hookInput(context.schema, 'TagsMergeInput', fields);
    await fire('tag', 'Merge', destination, sent, [], context);
    return entityView(target, context);
  },

  // No hook at all.
  performerMerge: ({ input }, context) => {
    const fields = isRecord(input) ? input : {};
    const sources = mergeSources(fields);
    const destination = parseId(textOf(fields['destination']));
    if (sources.includes(destination)) {
      throw new StashError('destination performer cannot be in source list');
    }
    entityOrThrow('performer', destination, context.store);
    for (const id of sources) {
      if (context.store.entity('performer', id) !== undefined) continue;
      throw new StashError(`finding source performers: performer with id ${id} not found`);
    }
    context.store.mergeEntities('performer', sources, destination);
    const values = isRecord(fields['values']) ? fields['values'] : {};
    const current = entityOrThrow('performer', destination, context.store);
    const change = entityChange(values, current);
    return entityView(context.store.changeEntity('performer', destination, change), context);
  },
};

function resolversOf(kind: EntityKind): Resolvers {
  const typeName = typeNames[kind];
  return {
    [`${kind}Create`]: async ({ input }, context) => {
      const fields = isRecord(input) ? input : {};
      const name = textOf(fields['name']).trim();
      refuseTaken(kind, name, context.store);
      const id = context.store.addEntity(kind, { name });
      const current = entityOrThrow(kind, id, context.store);
      context.store.changeEntity(kind, id, entityChange(fields, current));
      const sent = hookInput(context.schema, `${typeName}CreateInput`, fields);
      await fire(kind, 'Create', id, sent, [], context);
      return refetched(kind, id, context);
    },

    [`${kind}Update`]: async ({ input }, context) => {
      const fields = isRecord(input) ? input : {};
      const id = parseId(textOf(fields['id']), 'converting id: ');
      const current = entityOrThrow(kind, id, context.store);
      context.store.changeEntity(kind, id, entityChange(fields, current));
      const sent = hookInput(context.schema, `${typeName}UpdateInput`, fields);
      await fire(kind, 'Update', id, sent, Object.keys(fields), context);
      return refetched(kind, id, context);
    },

    [`bulk${typeName}Update`]: async ({ input }, context) => {
      const fields = isRecord(input) ? input : {};
      const ids = textList(fields['ids']).map((id) => parseId(id, 'converting ids: '));
      const current = ids.map((id) => entityOrThrow(kind, id, context.store));
      for (const entity of current) {
        context.store.changeEntity(kind, entity.id, entityChange(fields, entity));
      }
      const sent = hookInput(context.schema, `Bulk${typeName}UpdateInput`, fields);
      const views: unknown[] = [];
      for (const id of ids) {
        await fire(kind, 'Update', id, sent, Object.keys(fields), context);
        views.push(refetched(kind, id, context));
      }
      return views.length === 0 ? null : views;
    },

    [`${kind}Destroy`]: async ({ input }, context) => {
      const fields = isRecord(input) ? input : {};
      const id = parseId(textOf(fields['id']), 'converting id: ');
      destroy(kind, [id], context.store);
      const sent = hookInput(context.schema, `${typeName}DestroyInput`, fields);
      await fire(kind, 'Destroy', id, sent, [], context);
      return true;
    },

    // Here the hook's input is the bare list of ids.
    [`${kind}sDestroy`]: async ({ ids }, context) => {
      const sent = textList(ids);
      const numbers = sent.map((id) => parseId(id, 'converting ids: '));
      destroy(kind, numbers, context.store);
      for (const id of numbers) await fire(kind, 'Destroy', id, sent, [], context);
      return true;
    },
  };
}

/** Groups were movies once: their hooks fire under both names, the new one first. */
async function fire(
  kind: EntityKind,
  event: Event,
  id: number,
  input: unknown,
  inputFields: readonly string[],
  context: RequestContext,
): Promise<void> {
  const names = kind === 'group' ? ['Group', 'Movie'] : [typeNames[kind]];
  for (const name of names) {
    const type = `${name}.${event}.Post`;
    await context.host.runHooks(context.caller, { id, type, input, inputFields });
  }
}

function refetched(kind: EntityKind, id: number, context: RequestContext): unknown {
  if (context.caller.signal.aborted) throw new StashError('context canceled');
  const entity = context.store.entity(kind, id);
  return entity === undefined ? null : entityView(entity, context);
}

const notFields = new Set(['id', 'ids', 'name', 'image', 'front_image', 'clientMutationId']);
const lists = new Set(['urls', 'aliases', 'alias_list', 'tag_ids', 'parent_ids', 'child_ids']);

function entityChange(input: Args, current: EntityRecord): EntityChange {
  const fields = Object.entries(input)
    .filter(([name]) => !notFields.has(name))
    .map(([name, value]): [string, unknown] => [name, changed(current, name, value)]);
  const image = input['image'] ?? input['front_image'];
  return {
    fields: Object.fromEntries(fields),
    ...(typeof input['name'] === 'string' ? { name: input['name'].trim() } : {}),
    ...(typeof image === 'string' ? { image: parseImage(image) } : {}),
  };
}

function changed(current: EntityRecord, name: string, value: unknown): unknown {
  const before = current.fields[name];
  if (isRecord(value) && 'values' in value) return mergedTexts(textList(before), value);
  if (isRecord(value) && 'mode' in value) {
    return mergedList(textList(before), textList(value['ids']), value['mode']);
  }
  // Of a group the aliases are one text.
  if (value === null && name === 'aliases' && current.kind === 'group') return '';
  if (value === null) return lists.has(name) ? [] : (emptyFields[name] ?? null);
  return typeof value === 'string' ? value.trim() : value;
}

function mergeSources(fields: Args): number[] {
  const ids = textList(fields['source']).map((id) => parseId(id, 'converting source ids: '));
  return [...new Set(ids)];
}

function destroy(kind: EntityKind, ids: readonly number[], store: StashStore): void {
  for (const id of ids) {
    requireExisting(kind, id, store);
    if (kind === 'tag' && store.markerTags.has(id)) {
      throw new StashError('cannot delete tag used as a primary tag in scene markers');
    }
  }
  for (const id of ids) store.removeEntity(kind, id);
}

function requireExisting(kind: EntityKind, id: number, store: StashStore): void {
  if (store.entity(kind, id) !== undefined) return;
  throw new StashError(`id ${id} does not exist in ${kind}s`);
}

function refuseTaken(kind: EntityKind, name: string, store: StashStore): void {
  if (kind === 'group') return;
  for (const entity of store.entities(kind)) {
    if (entity.name === name) throw new StashError(`${kind} with name '${name}' already exists`);
  }
}

function entityOrThrow(kind: EntityKind, id: number, store: StashStore): EntityRecord {
  const entity = store.entity(kind, id);
  if (entity !== undefined) return entity;
  throw new StashError(kind === 'group' ? 'not found' : `${kind} with id ${id} not found`);
}
