// Why an operation gave no answer: a kind for the code, words and a way out for a person.
import { callTexts } from '../texts/call.ts';
import { type NoNode, noNodeOf } from './nodeState.ts';

/**
 * `stash`: Stash does not answer. `login`: it wants to be logged in to. `refused`: PlexSync said why
 * not, in `words`, which its launcher also does where there is no Node (`node`). `nothing`: it was ended in the middle.
 * `strange`: it answered what this page does not know, so page and program are of different versions.
 */
export type TroubleKind = 'stash' | 'login' | 'refused' | 'nothing' | 'strange';

export interface Trouble {
  readonly kind: TroubleKind;
  readonly words: string;
  readonly wayOut: string;
  readonly node: NoNode | null;
}

export type Outcome<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

export function trouble(kind: TroubleKind, words: string = callTexts[kind].words): Trouble {
  const node = kind === 'refused' ? noNodeOf(words) : null;
  return { kind, words, wayOut: callTexts[kind].wayOut, node };
}

export const troubled = (kind: TroubleKind, words?: string): Outcome<never> => ({
  kind: 'trouble',
  trouble: trouble(kind, words),
});
