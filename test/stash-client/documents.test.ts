import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type IntrospectionQuery, buildClientSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as documents from '../../src/stash/documents.ts';

const shared =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const recorded = `${shared}/data/stash/introspection-0.30.1-19.json`;
const isMissing = !existsSync(recorded);
if (isMissing) console.warn(`No ${recorded}: documents are not checked against Stash's schema.`);

interface TypeReference {
  readonly kind: string;
  readonly ofType?: TypeReference | null;
}

/** The recording follows lists within lists to a depth that one field (of no interest) exceeds. */
function isCutOff(type: TypeReference): boolean {
  if (type.ofType !== null && type.ofType !== undefined) return isCutOff(type.ofType);
  return type.kind === 'LIST' || type.kind === 'NON_NULL';
}

function recordedSchema() {
  const introspection = JSON.parse(readFileSync(recorded, 'utf8')) as IntrospectionQuery;
  const types = introspection.__schema.types.map((type) =>
    type.kind === 'OBJECT'
      ? { ...type, fields: type.fields.filter((field) => !isCutOff(field.type)) }
      : type,
  );
  return buildClientSchema({ __schema: { ...introspection.__schema, types } });
}

const all: [name: string, document: string][] = Object.entries(documents).flatMap(
  ([name, document]): [string, string][] =>
    typeof document === 'string'
      ? [[name, document]]
      : [1, 2, 50].map((count) => [`${name}(${count})`, document(count, count !== 2)]),
);

const mutations = [
  'runTaskDocument',
  'runOperationDocument',
  'addPlayDocument',
  'deletePlaysDocument',
  'saveResumeDocument',
  'rateSceneDocument',
];

describe('every document', () => {
  it.each(all)(
    'is named and is one query, but for those that run the plugin or write what viewers left: %s',
    (name, document) => {
      expect(name).toMatch(/Document(\(\d+\))?$/);
      const operations = parse(document).definitions.filter(
        ({ kind }) => kind === 'OperationDefinition',
      );
      const operation = mutations.includes(name) ? 'mutation' : 'query';
      expect(operations).toMatchObject([{ operation, name: { kind: 'Name' } }]);
    },
  );

  const why = isMissing ? ' (skipped: no recorded schema on this machine)' : '';
  it.skipIf(isMissing).each(all)(
    `is valid for the schema of a real Stash${why}: %s`,
    (_name, document) => {
      expect(validate(recordedSchema(), parse(document))).toEqual([]);
    },
  );
});
