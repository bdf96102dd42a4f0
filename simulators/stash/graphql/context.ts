// What every resolver works with: the parts of the simulated Stash, and who asks.
import type { GraphQLSchema } from 'graphql';
import type { JobQueue } from '../jobQueue.ts';
import type { Caller, PluginHost } from '../plugins/host.ts';
import type { StashSettings } from '../settings.ts';
import type { StashStore } from '../store/store.ts';

export interface StashParts {
  readonly store: StashStore;
  readonly settings: StashSettings;
  readonly jobs: JobQueue;
  readonly host: PluginHost;
  readonly schema: GraphQLSchema;
  readonly facts: ServerFacts;
}

export interface ServerFacts {
  readonly version: string;
  readonly directory: string;
  readonly pluginsPath: string;
  readonly libraryPaths: readonly string[];
  readonly apiKey: string;
  readonly username: string;
  readonly maxSessionAgeSeconds: number;
  /** Times of jobs, RFC 3339 with what there is below the second. */
  readonly formatTime: (atMs: number) => string;
}

export interface RequestContext extends StashParts {
  readonly caller: Caller;
  /** Scheme and host as the client named them, in front of every URL in the answer. */
  readonly baseUrl: string;
  /** Values that stand in the answer instead of true ones: path, then value. */
  readonly patches: Patch[];
}

export interface Patch {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Fields and arguments as a resolver gets them. */
export type Args = Readonly<Record<string, unknown>>;
export type Resolver = (args: Args, context: RequestContext) => unknown;
export type Resolvers = Readonly<Record<string, Resolver>>;

/** A key of views whose scene is corrupted: what its fields shall be instead. */
export const corruption = Symbol('corruption');

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
