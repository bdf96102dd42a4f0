// One setting while it is edited: saved when the person is done with it, unless it is wrong or was
// changed elsewhere meanwhile. Nobody's change is undone without a word.
import { secrets } from '../../settings/secrets.ts';
import { useState } from 'react';
import { call } from '../../operation/call.ts';
import type { Saved, Values } from '../../settings/store.ts';
import type { Outcome, Trouble } from '../../operation/trouble.ts';

export type SettingState =
  | { readonly kind: 'rest' | 'saved' }
  | { readonly kind: 'saving'; readonly mine: unknown }
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
    setState({ kind: 'saving', mine: value });
    const saved = await save({ [key]: value }, shown);
    if (saved.kind === 'saved') return setState({ kind: 'saved' });
    if (saved.kind === 'trouble') {
      return setState({ kind: 'trouble', trouble: saved.trouble, mine: value });
    }
    setState({ kind: 'conflict', mine: value, theirs: saved.values[key] });
  };
  const check = async (value: unknown): Promise<void> => {
    // What this person saves just now is nobody else's change.
    const shown = state.kind === 'saving' ? { ...values, [key]: state.mine } : values;
    setState({ kind: 'saving', mine: value });
    const found = await newProblems(key, value, shown);
    if (found.kind === 'trouble') {
      setState({ kind: 'trouble', trouble: found.trouble, mine: value });
    } else if (found.answer.length > 0) setState({ kind: 'wrong', messages: found.answer });
    else await write(value, shown);
  };
  return {
    state,
    put: (value) => void check(value),
    force: (value) => void write(value, null),
    dismiss: () => setState({ kind: 'rest' }),
  };
}

/** What would be wrong that is not wrong now, each named by its setting if that is another. */
async function newProblems(
  key: string,
  value: unknown,
  values: Values,
): Promise<Outcome<readonly string[]>> {
  const none = { kind: 'answer', answer: [] } as const;
  if (secrets.includes(key)) return none;
  // The token is not handed around.
  const settings = { ...values, plexToken: undefined, viewingToken: undefined, [key]: value };
  const args = { settings, changed: key };
  const outcome = await call('check-settings', args);
  if (outcome === null) return none;
  if (outcome.kind === 'trouble') return outcome;
  const messages = outcome.answer.problems.map(({ setting, message }) =>
    setting === key ? message : `${setting} ${message}`,
  );
  return { kind: 'answer', answer: messages };
}
