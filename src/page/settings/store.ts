// The plugin's settings, which are Stash's to keep. Stash replaces them whole: so before each write
// they are read afresh, and only what was changed here is changed. Writes go one after the other.
import * as v from 'valibot';
import { pluginApi } from '../api/pluginApi.ts';
import { pluginId } from '../api/urls.ts';
import type { Outcome, Trouble } from '../operation/trouble.ts';
import { askStash } from './askStash.ts';

/** By the setting's key; what was never typed is absent. */
export type Values = Readonly<Record<string, unknown>>;

/** A setting as the manifest describes it. */
export interface Described {
  readonly key: string;
  readonly name: string;
  readonly help: string;
  readonly type: 'STRING' | 'NUMBER' | 'BOOLEAN';
}

export interface Known {
  readonly values: Values;
  readonly settings: readonly Described[];
}

const values = v.record(v.string(), v.unknown());
const configuration = v.object({
  plugins: v.pipe(
    v.record(v.string(), v.nullable(values)),
    v.transform((all) => all[pluginId] ?? {}),
  ),
});
const setting = v.object({
  name: v.string(),
  display_name: v.nullish(v.string()),
  description: v.nullish(v.string()),
  type: v.picklist(['STRING', 'NUMBER', 'BOOLEAN']),
});
const answer = v.object({
  configuration,
  plugins: v.array(v.object({ id: v.string(), settings: v.nullish(v.array(setting)) })),
});

const ours = `configuration { plugins(include: ["${pluginId}"]) }`;
const described = 'plugins { id settings { name display_name description type } }';

export async function readSettings(): Promise<Outcome<Known>> {
  const outcome = await askStash(answer, `{ ${ours} ${described} }`);
  if (outcome.kind === 'trouble') return outcome;
  const { configuration: read, plugins } = outcome.answer;
  const own = plugins.find(({ id }) => id === pluginId)?.settings ?? [];
  const settings = own.map(({ name, display_name, description, type }) => ({
    key: name,
    name: display_name ?? name,
    help: description ?? '',
    type,
  }));
  return { kind: 'answer', answer: { values: read.plugins, settings } };
}

export type Saved =
  | { readonly kind: 'saved'; readonly values: Values }
  /** Somebody else has changed it since it was shown. Nothing was written. */
  | { readonly kind: 'conflict'; readonly key: string; readonly values: Values }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

let last: Promise<unknown> = Promise.resolve();

/**
 * @param change what is to be changed
 * @param shown the values that the person saw when changing them; null: whatever is there is replaced
 */
export function saveSettings(change: Values, shown: Values | null): Promise<Saved> {
  const own = last.then(() => save(change, shown));
  last = own;
  return own;
}

async function save(change: Values, shown: Values | null): Promise<Saved> {
  const read = await askStash(v.object({ configuration }), `{ ${ours} }`);
  if (read.kind === 'trouble') return read;
  const present = read.answer.configuration.plugins;
  const key = Object.keys(change).find(
    (one) =>
      shown !== null && !isSame(present[one], shown[one]) && !isSame(present[one], change[one]),
  );
  if (key !== undefined) return { kind: 'conflict', key, values: present };
  const written = await askStash(
    v.object({ configurePlugin: values }),
    `mutation PlexSyncSettings($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }`,
    { id: pluginId, input: { ...present, ...change } },
  );
  if (written.kind === 'trouble') return written;
  await tellStash();
  return { kind: 'saved', values: written.answer.configurePlugin };
}

/** Absent, null, '', 0 and off all mean the default. */
export function isSame(one: unknown, other: unknown): boolean {
  return isUnset(one) ? isUnset(other) : one === other;
}

export const isUnset = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === 0 || value === false;

/** Stash's own page of settings shows what it knows from before, and would write that back. */
async function tellStash(): Promise<void> {
  const { GQL, utils } = pluginApi();
  const client = utils?.StashService?.getClient?.();
  if (client === undefined || GQL?.ConfigurationDocument === undefined) return;
  try {
    await client.query({ query: GQL.ConfigurationDocument, fetchPolicy: 'network-only' });
  } catch {
    // It is asked again when that page is opened after a reload.
  }
}
