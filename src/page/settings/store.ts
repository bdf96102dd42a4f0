// The plugin's settings, which are Stash's to keep. Stash replaces them whole: so before each write
// they are read afresh, and only what was changed here is changed. Writes go one after the other.
import { pluginApi } from '../api/pluginApi.ts';
import { pluginId } from '../api/urls.ts';
import type { Outcome, Trouble } from '../operation/trouble.ts';
import { askStash } from './askStash.ts';
import { fieldsOf, listOf, textOf, within } from './read.ts';

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

const types = ['STRING', 'NUMBER', 'BOOLEAN'] as const;

/** None saved yet is an empty record. */
function valuesOf(data: unknown): Values | null {
  const all = fieldsOf(within(data, 'configuration', 'plugins'));
  return all === null ? null : (fieldsOf(all[pluginId]) ?? {});
}

function describedOf(setting: unknown): readonly Described[] {
  const key = textOf(within(setting, 'name'));
  const type = types.find((one) => one === within(setting, 'type'));
  if (key === '' || type === undefined) return [];
  const name = textOf(within(setting, 'display_name'));
  const help = textOf(within(setting, 'description'));
  return [{ key, name: name === '' ? key : name, help, type }];
}

function knownOf(data: unknown): Known | null {
  const values = valuesOf(data);
  const own = listOf(within(data, 'plugins')).find((plugin) => within(plugin, 'id') === pluginId);
  if (values === null) return null;
  return { values, settings: listOf(within(own, 'settings')).flatMap(describedOf) };
}

const ours = `configuration { plugins(include: ["${pluginId}"]) }`;
const described = 'plugins { id settings { name display_name description type } }';

export async function readSettings(): Promise<Outcome<Known>> {
  return await askStash(knownOf, `{ ${ours} ${described} }`);
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
  const read = await askStash(valuesOf, `{ ${ours} }`);
  if (read.kind === 'trouble') return read;
  const present = read.answer;
  const key = Object.keys(change).find(
    (one) =>
      shown !== null && !isSame(present[one], shown[one]) && !isSame(present[one], change[one]),
  );
  if (key !== undefined) return { kind: 'conflict', key, values: present };
  const written = await askStash(
    (data) => fieldsOf(within(data, 'configurePlugin')),
    `mutation PlexSyncSettings($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }`,
    { id: pluginId, input: { ...present, ...change } },
  );
  if (written.kind === 'trouble') return written;
  await tellStash();
  void askStash(
    () => true,
    `mutation PlexSyncSaved($id: ID!) { runPluginOperation(plugin_id: $id, args: { name: "settings-saved" }) }`,
    { id: pluginId },
  );
  return { kind: 'saved', values: written.answer };
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
