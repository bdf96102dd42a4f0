// The setting `reconcileAs`: what the task "Reconcile Library (as set)" looks at, as the arguments of
// the operation in one line: "scope: 7days, library: Videos, kinds: empty stale".
import * as v from 'valibot';
import { reconcileArguments, type ReconcileArguments } from './reconcile.ts';
import { type Raw, readText, type Report } from './settingValues.ts';

const names = ['scope', 'from', 'to', 'library', 'kinds', 'withoutMissing', 'dry'] as const;
type Name = (typeof names)[number];

const setting = 'reconcileAs';
const form = `must be parts such as "scope: 7days, library: Videos". Parts: ${names.join(', ')}.`;

/** Empty: all scenes. */
export function readReconcileAs(raw: Raw, report: Report): ReconcileArguments {
  const given: Partial<Record<Name, string | string[]>> = {};
  for (const part of readText(raw, setting, report).split(',')) {
    if (part.trim() === '') continue;
    // A time has colons of its own.
    const [, typed = '', value = ''] = /^([^:]*):(.*)$/s.exec(part) ?? [];
    const name = names.find((one) => one.toLowerCase() === typed.trim().toLowerCase());
    if (name === undefined || value.trim() === '') {
      report(setting, form);
      return v.parse(reconcileArguments, {});
    }
    given[name] = name === 'kinds' ? value.trim().split(/\s+/) : plain(name, value.trim());
  }
  const parsed = v.safeParse(reconcileArguments, given);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  report(setting, `: "${v.getDotPath(issue)?.split('.')[0] ?? 'scope'}" ${issue.message}.`);
  return v.parse(reconcileArguments, {});
}

/** Switches are typed as a person says them. */
function plain(name: Name, value: string): string {
  if (name !== 'withoutMissing' && name !== 'dry') return value;
  const word = value.toLowerCase();
  return ['on', 'yes'].includes(word) ? 'true' : ['off', 'no'].includes(word) ? 'false' : word;
}
