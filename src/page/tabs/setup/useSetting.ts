// One setting while it is edited: saved when the person is done with it, unless it is wrong or was
// changed elsewhere meanwhile. Nobody's change is undone without a word.
import { useState } from 'react';
import { checkSettings } from '../../../contract/settings.ts';
import type { Saved, Values } from '../../settings/store.ts';
import type { Trouble } from '../../operation/trouble.ts';

export type SettingState =
  | { readonly kind: 'rest' | 'saving' | 'saved' }
  | { readonly kind: 'wrong'; readonly messages: readonly string[] }
  /** With what the person wants, and what is there. */
  | { readonly kind: 'conflict'; readonly mine: unknown; readonly theirs: unknown }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly mine: unknown };

export type Save = (change: Values, shown: Values | null) => Promise<Saved>;

interface Editing {
  readonly state: SettingState;
  readonly put: (value: unknown) => void;
  /** Whatever is there. */
  readonly force: (value: unknown) => void;
  readonly dismiss: () => void;
}

export function useSetting(key: string, values: Values, save: Save): Editing {
  const [state, setState] = useState<SettingState>({ kind: 'rest' });
  const write = async (value: unknown, shown: Values | null): Promise<void> => {
    setState({ kind: 'saving' });
    const saved = await save({ [key]: value }, shown);
    if (saved.kind === 'saved') return setState({ kind: 'saved' });
    if (saved.kind === 'trouble') {
      return setState({ kind: 'trouble', trouble: saved.trouble, mine: value });
    }
    setState({ kind: 'conflict', mine: value, theirs: saved.values[key] });
  };
  return {
    state,
    put: (value) => {
      const messages = newProblems(values, key, value);
      if (messages.length > 0) setState({ kind: 'wrong', messages });
      else void write(value, values);
    },
    force: (value) => void write(value, null),
    dismiss: () => setState({ kind: 'rest' }),
  };
}

/** What would be wrong with the settings that is not wrong now, each named by its setting if that is another. */
function newProblems(values: Values, key: string, value: unknown): readonly string[] {
  const problemsOf = (of: Values): readonly string[] => {
    const check = checkSettings(of);
    if (check.kind === 'valid') return [];
    return check.problems.map(({ setting, message }) =>
      setting === key ? message : `${setting} ${message}`,
    );
  };
  const before = new Set(problemsOf({ ...values, [key]: undefined }));
  return problemsOf({ ...values, [key]: value }).filter((message) => !before.has(message));
}
