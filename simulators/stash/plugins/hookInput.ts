// The `input` of a hook: what the client sent, as Go's struct of that GraphQL input would write it.
// Stash has two sorts of such structs: generated ones leave out what is null or an empty list;
// those written by hand (pkg/models, pkg/plugin/hooks.go) write every field, null if not sent, in
// an order of their own and with fields that introspection does not show.
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { goMap, isRecord } from '../goFormats.ts';

const performerFields = `disambiguation url urls gender birthdate ethnicity country eye_color height
  height_cm measurements fake_tits penis_length circumcised career_length tattoos piercings aliases
  alias_list twitter instagram favorite tag_ids image stash_ids rating100 details death_date
  hair_color weight ignore_auto_tag custom_fields`;
const studioFields = `url urls parent_id image stash_ids rating100 favorite details aliases tag_ids
  ignore_auto_tag`;

const structs: Readonly<Record<string, string>> = {
  SceneUpdateInput: `clientMutationId id title code details director url urls date rating100
    o_counter organized studio_id gallery_ids performer_ids movies groups tag_ids cover_image
    stash_ids resume_time play_duration play_count primary_file_id`,
  SceneDestroyInput: 'id delete_file delete_generated',
  ScenesDestroyInput: 'ids delete_file delete_generated',
  SceneMovieInput: 'movie_id scene_index',
  SceneGroupInput: 'group_id scene_index',
  StashIDInput: 'stash_id endpoint updated_at',
  PerformerCreateInput: `name ${performerFields}`,
  PerformerUpdateInput: `id name ${performerFields}`,
  CustomFieldsInput: 'full partial remove',
  StudioCreateInput: `name ${studioFields}`,
  StudioUpdateInput: `id name ${studioFields}`,
};

/** `value` as the struct of the input type of that name; a plain value stays what it is. */
export function hookInput(schema: GraphQLSchema, typeName: string, value: unknown): unknown {
  const type = schema.getType(typeName);
  if (!isInputObjectType(type) || !isRecord(value)) return value;
  const fields = type.getFields();
  const byHand = structs[typeName]?.split(/\s+/);
  const entries: [string, unknown][] = [];
  for (const name of byHand ?? Object.keys(fields)) {
    const fieldType = fields[name]?.type;
    const inner = fieldType === undefined ? null : struct(schema, fieldType, value[name] ?? null);
    if (byHand !== undefined) entries.push([name, inner ?? emptyStruct(typeName, name)]);
    else if (isNonNullType(fieldType) || !isEmpty(inner)) entries.push([name, inner]);
  }
  return new Map(entries);
}

function struct(schema: GraphQLSchema, type: GraphQLInputType, value: unknown): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.isArray(value)
      ? value.map((item) => struct(schema, nullable.ofType, item))
      : value;
  }
  return isInputObjectType(nullable) ? hookInput(schema, nullable.name, value) : goMap(value);
}

/** The one field of such structs that is itself a struct and therefore never null. */
function emptyStruct(typeName: string, field: string): unknown {
  if (typeName !== 'PerformerUpdateInput' || field !== 'custom_fields') return null;
  return { full: null, partial: null, remove: null };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
