// What the launcher answers where there is no Node, told apart. A shell script answers then, and Stash hands on nothing
// but its sentence (plugin/runtime.sh and fetch.sh word it; test/launcher/fetch.test.ts holds the two together).

export type NodeState =
  /** `mb` of about `ofMb` have come, in `seconds`; before anything has, all are 0. */
  | {
      readonly kind: 'fetching';
      readonly seconds: number;
      readonly mb: number;
      readonly ofMb: number;
    }
  /** `reason` is for a person; it is tried again in `minutes`. */
  | { readonly kind: 'failed'; readonly reason: string; readonly minutes: number }
  /** None is fetched: `reason` says why, if that is known. */
  | { readonly kind: 'none'; readonly reason: string };

export interface NoNode {
  readonly state: NodeState;
  /** Those that were found and are no use: "/usr/bin/node (v18.19.0)"; '' if there are none. */
  readonly refused: string;
}

/** null if the words are of something else */
export function noNodeOf(words: string): NoNode | null {
  if (!words.startsWith('PlexSync needs Node ')) return null;
  return {
    state: stateOf(words),
    refused: /Found, but no use: (.+?\))\. /.exec(words)?.[1] ?? '',
  };
}

function stateOf(words: string): NodeState {
  const under = /is fetching one, for (\d+) s by now \((\d+) of about (\d+) MB\)/.exec(words);
  const [, seconds = 0, mb = 0, ofMb = 0] = under ?? [];
  if (under !== null || words.includes('PlexSync fetches one now')) {
    return { kind: 'fetching', seconds: +seconds, mb: +mb, ofMb: +ofMb };
  }
  const failed = /could not fetch one: (.*)\. It tries again in (\d+) min/.exec(words);
  if (failed !== null) {
    return { kind: 'failed', reason: failed[1] ?? '', minutes: Number(failed[2]) };
  }
  const none = /(None is fetched: .+?|PLEXSYNC_FETCH_NODE .+?)\. /.exec(`${words} `);
  return { kind: 'none', reason: none?.[1] ?? '' };
}
