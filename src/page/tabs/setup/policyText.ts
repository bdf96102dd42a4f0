// The setting `fields` as a table, and back: only what is not the default is written. Pure.
import {
  extras,
  type FieldPolicy,
  mirroredFields,
  parsePolicies,
  policyNames,
} from '../../../contract/fieldPolicies.ts';

export interface PolicyRow {
  /** Plex's write name. */
  readonly field: string;
  /** As it is typed in the setting. */
  readonly typed: string;
  readonly policy: FieldPolicy;
}

export interface PolicyTable {
  readonly rows: readonly PolicyRow[];
  /** Why the text, or part of it, could not be read. */
  readonly problems: readonly string[];
}

export function tableOf(text: string): PolicyTable {
  const { policies, extras: others, problems } = parsePolicies(text);
  return {
    rows: [
      // `policyNames` begins with the typed names of these fields, in this order.
      ...mirroredFields.map((field, index) => ({
        field,
        typed: policyNames[index] ?? field,
        policy: policies[field],
      })),
      ...extras.map((field) => ({ field, typed: field, policy: others[field] })),
    ],
    problems,
  };
}

/** Of the background, off is the default; of all others, mirror. */
const usual = (field: string): FieldPolicy => (field === 'background' ? 'off' : 'mirror');

/** @returns the setting with that field changed; '' where all is as usual */
export function withPolicy(text: string, field: string, policy: FieldPolicy): string {
  return tableOf(text)
    .rows.map((row) => (row.field === field ? { ...row, policy } : row))
    .filter((row) => row.policy !== usual(row.field))
    .map((row) => `${row.typed}: ${row.policy}`)
    .join(', ');
}
