// The forms of the answers, made of their schemas: what the page checks each answer by. What is not a
// matter of form (a number's bounds, a text's pattern, one word of many) is left to the side that answers.
import type * as v from 'valibot';
import { actions, operations } from '../src/page/operation/table.ts';
import type { Shape } from '../src/page/operation/shape.ts';

export function answerShapes(): Readonly<Record<string, Shape>> {
  const all: Readonly<Record<string, v.GenericSchema>> = { ...operations, ...actions };
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, shapeOf(schema)]));
}

const fewWords = 12;

type Known =
  | v.StringSchema<undefined>
  | v.NumberSchema<undefined>
  | v.BooleanSchema<undefined>
  | v.UnknownSchema
  | v.LiteralSchema<string | number | boolean, undefined>
  | v.PicklistSchema<readonly string[], undefined>
  | v.NullableSchema<v.GenericSchema, undefined>
  | v.ArraySchema<v.GenericSchema, undefined>
  | v.RecordSchema<v.GenericSchema<string>, v.GenericSchema, undefined>
  | v.ObjectSchema<v.ObjectEntries, undefined>
  | v.UnionSchema<v.GenericSchema[], undefined>
  | v.VariantSchema<string, v.ObjectSchema<v.ObjectEntries, undefined>[], undefined>;

/** @throws Error for a kind of schema that no answer had until now */
export function shapeOf(schema: v.GenericSchema): Shape {
  const known = schema as Known;
  switch (known.type) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'unknown':
      return 'u';
    case 'literal':
      return ['=', known.literal];
    case 'picklist':
      // Codes and the like: one of another version is shown as it is.
      return known.options.length > fewWords ? 's' : ['=', ...known.options];
    case 'nullable':
      return ['?', shapeOf(known.wrapped)];
    case 'array':
      return ['*', shapeOf(known.item)];
    case 'record':
      return ['%', shapeOf(known.value)];
    case 'union':
    case 'variant':
      return ['|', ...known.options.map(shapeOf)];
    case 'object':
      return Object.fromEntries(Object.entries(known.entries).map(entryOf));
    default:
      throw new Error(`No form is known for a schema of type ${schema.type}.`);
  }
}

function entryOf([name, schema]: [string, v.GenericSchema]): readonly [string, Shape] {
  if (schema.type !== 'optional' && schema.type !== 'exact_optional') {
    return [name, shapeOf(schema)];
  }
  const { wrapped } = schema as v.OptionalSchema<v.GenericSchema, undefined>;
  return [`${name}?`, shapeOf(wrapped)];
}
