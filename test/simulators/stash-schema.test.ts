import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../simulators/stash/graphql/endpoint.ts';
import { realSchema, recording } from './stashKit.ts';

const introspection = recording('introspection-0.30.1-19.json');

describe.skipIf(introspection === undefined)(
  'the schema of the simulated Stash (skipped without the recorded introspection)',
  () => {
    test('says nothing that a real Stash would not say of itself', () => {
      const real = realSchema(introspection ?? '');
      const lines = Object.values(readSchema().getTypeMap())
        .filter((type) => !isIntrospectionType(type))
        .flatMap(described);
      const known = new Set(Object.values(real.getTypeMap()).flatMap(described));
      expect(lines.length).toBeGreaterThan(500);
      expect(lines.filter((line) => !known.has(line))).toEqual([]);
    });

    test('has every field of the inputs that a hook can carry', () => {
      const real = realSchema(introspection ?? '');
      const ours = readSchema();
      const inputs = Object.values(ours.getTypeMap())
        .filter(isInputObjectType)
        .filter((type) => /(Create|Update|Destroy|Merge)Input$/.test(type.name));
      expect(inputs.length).toBeGreaterThan(15);
      for (const type of inputs) {
        const other = real.getType(type.name);
        const names = isInputObjectType(other) ? Object.keys(other.getFields()) : [];
        expect(Object.keys(type.getFields()), type.name).toEqual(names);
      }
    });
  },
);

/** One line per type, field, argument and enum value. */
function described(type: GraphQLNamedType): string[] {
  if (isScalarType(type)) return [`scalar ${type.name}`];
  if (isEnumType(type)) return type.getValues().map((value) => `${type.name}.${value.name}`);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map(
      (field) => `${type.name}.${field.name}: ${String(field.type)}`,
    );
  }
  if (!isObjectType(type)) return [`not simulated: ${type.name}`];
  return Object.values(type.getFields()).flatMap((field) => {
    const name = `${type.name}.${field.name}`;
    return [
      `${name}: ${String(field.type)}`,
      ...field.args.map((arg) => `${name}(${arg.name}: ${String(arg.type)})`),
    ];
  });
}
