// A GraphQL request and its answer, in the form that Stash's server (gqlgen) gives them: which
// status, which content type, errors before data.
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  defaultFieldResolver,
  execute,
  type GraphQLFormattedError,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { goJson, isRecord } from '../goFormats.ts';
import { textOf, type RequestContext, type Resolvers } from './context.ts';
import { entityMutations } from './entityMutations.ts';
import { pluginMutations } from './pluginMutations.ts';
import { queries } from './queries.ts';
import { sceneMutations } from './sceneMutations.ts';
import { viewingMutations } from './viewingMutations.ts';
import { corruptionOf } from './views.ts';

const root: Resolvers = {
  ...queries,
  ...sceneMutations,
  ...viewingMutations,
  ...entityMutations,
  ...pluginMutations,
};

export interface GraphqlAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export function readSchema(): GraphQLSchema {
  return buildSchema(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));
}

export class GraphqlEndpoint {
  readonly #schema: GraphQLSchema;
  /** Clients send the same few documents over and over; each is checked once. */
  readonly #documents = new Map<string, DocumentNode | readonly GraphQLError[]>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** `accept` decides the content type, and with it the status of an invalid question. */
  async answer(body: string, accept: string, context: RequestContext): Promise<GraphqlAnswer> {
    const contentType = answerType(accept);
    const invalid = (errors: readonly unknown[], status?: number): GraphqlAnswer => ({
      status: status ?? (contentType === 'application/json' ? 422 : 400),
      contentType,
      body: goJson({ errors, data: null }),
    });
    const request = parseBody(body);
    if (request === undefined) {
      return invalid([{ message: 'json request body could not be decoded' }], 400);
    }
    const { query, variables, operationName } = request;
    if (query === '') return invalid([{ message: 'no operation provided', extensions: rejected }]);
    const document = this.#document(query);
    if (!('kind' in document)) {
      return invalid(document.map(refusal));
    }
    const result = await execute({
      schema: this.#schema,
      document,
      variableValues: variables,
      operationName,
      rootValue: root,
      contextValue: context,
      fieldResolver,
    });
    const errors = result.errors?.map(formatted) ?? [];
    // Variables that do not fit: nothing was run.
    if (result.data === undefined) {
      return invalid(errors.map((error) => ({ ...error, extensions: rejected })));
    }
    for (const { path, value } of context.patches) patch(result.data, path, value);
    const data = result.data;
    const answer = errors.length === 0 ? { data } : { errors: errors.map(withoutPlace), data };
    return { status: 200, contentType, body: goJson(answer) };
  }

  #document(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#documents.get(query);
    if (known !== undefined) return known;
    const checked = this.#check(query);
    if (this.#documents.size > 1000) this.#documents.clear();
    this.#documents.set(query, checked);
    return checked;
  }

  #check(query: string): DocumentNode | readonly GraphQLError[] {
    try {
      const document = parse(query);
      const errors = validate(this.#schema, document);
      return errors.length === 0 ? document : errors;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }
}

const rejected = { code: 'GRAPHQL_VALIDATION_FAILED' };
const syntaxPrefix = 'Syntax Error: ';

/** A document that cannot be read is another error than one that does not fit the schema. */
function refusal(error: GraphQLError): unknown {
  const { message, ...rest } = formatted(error);
  if (!message.startsWith(syntaxPrefix)) return { message, ...rest, extensions: rejected };
  const text = message.slice(syntaxPrefix.length).replace(/\.$/, '');
  return { message: text, ...rest, extensions: { code: 'GRAPHQL_PARSE_FAILED' } };
}

const fieldResolver: typeof defaultFieldResolver = (source, args, context, info) => {
  const fields = corruptionOf(source);
  if (fields !== undefined && info.fieldName in fields && isContext(context)) {
    const value = fields[info.fieldName];
    if (value instanceof Error) throw value;
    const path: (string | number)[] = [];
    for (let step = info.path as typeof info.path | undefined; step; step = step.prev) {
      path.unshift(step.key);
    }
    context.patches.push({ path, value });
  }
  return defaultFieldResolver(source, args, context, info);
};

function isContext(value: unknown): value is RequestContext {
  return isRecord(value) && Array.isArray(value['patches']);
}

/** Puts a value where a true one stood; undefined takes the field away. */
function patch(data: unknown, path: readonly (string | number)[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof data !== 'object' || data === null) return;
  if (rest.length > 0) patch(Reflect.get(data, key), rest, value);
  else if (value === undefined) Reflect.deleteProperty(data, key);
  else Reflect.set(data, key, value);
}

function formatted(error: GraphQLError): GraphQLFormattedError {
  const { message, locations, path } = error;
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
  };
}

function withoutPlace({ message, path }: GraphQLFormattedError): GraphQLFormattedError {
  return path === undefined ? { message } : { message, path };
}

interface GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

function parseBody(body: string): GraphqlRequest | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (!isRecord(value)) return undefined;
    const { query, variables, operationName } = value;
    return {
      query: textOf(query),
      variables: isRecord(variables) ? variables : {},
      operationName: typeof operationName === 'string' ? operationName : undefined,
    };
  } catch {
    return undefined;
  }
}

function answerType(accept: string): string {
  const standard = 'application/graphql-response+json';
  const types = accept.split(',').map((part) => part.split(';')[0]?.trim());
  return types.find((type) => type === 'application/json' || type === standard) ?? standard;
}
