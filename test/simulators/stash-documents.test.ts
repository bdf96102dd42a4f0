import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../simulators/stash/graphql/endpoint.ts';
import { realSchema, recording } from './stashKit.ts';

const documentsPath = fileURLToPath(new URL('../../src/stash/documents.ts', import.meta.url));
const introspection = recording('introspection-0.30.1-19.json');

/** Every document that the product exports, by its name: texts, and functions of a batch's size. */
async function productDocuments(): Promise<[string, string][]> {
  if (!existsSync(documentsPath)) {
    console.warn(`no documents of the product to check: ${documentsPath} is missing`);
    return [];
  }
  const module: unknown = await import(pathToFileURL(documentsPath).href);
  return Object.entries(module ?? {}).flatMap(([name, value]: [string, unknown]) => {
    const texts = isFunction(value) ? [1, 50].map((size) => made(value, size)) : [value];
    return texts
      .filter((text): text is string => typeof text === 'string')
      .filter((text) => /\b(query|mutation|fragment)\b|\{/.test(text))
      .map((text, index): [string, string] => [
        `${name} ${index === 0 ? '' : '(50)'}`.trim(),
        text,
      ]);
  });
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}

function made(build: (...args: never[]) => unknown, size: number): unknown {
  return Reflect.apply(build, undefined, [size]);
}

function problems(schema: GraphQLSchema, document: string): string[] {
  return validate(schema, parse(document)).map((error) => error.message);
}

const documents = await productDocuments();

describe.skipIf(documents.length === 0)(
  'the GraphQL documents that PlexSync sends (skipped without src/stash/documents.ts)',
  () => {
    test.each(documents)('%s is understood by the simulated Stash', (_name, document) => {
      expect(problems(readSchema(), document)).toEqual([]);
    });

    test.skipIf(introspection === undefined).each(documents)(
      '%s is understood by a real Stash (skipped without the recorded introspection)',
      (_name, document) => {
        expect(problems(realSchema(introspection ?? ''), document)).toEqual([]);
      },
    );
  },
);
