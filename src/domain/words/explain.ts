// What a decision means for one field, in a closed set of verdicts with a sentence each. It reads the
// decision that a push would carry out, and decides nothing itself.
import type { DesiredItem } from '../mirror/desired.ts';
import type { SceneDecision } from '../mirror/diff.ts';
import { sameScalar } from '../mirror/diffScalar.ts';
import { keys } from '../mirror/diffTags.ts';
import {
  type Field,
  isTagField,
  type PlexItem,
  type ScalarField,
  type TagField,
} from '../base/plexItem.ts';
import { tagKey } from '../base/text.ts';

/**
 * `same`: Plex has it. `kept`: the difference is a person's. `filled`: the rule `fill` leaves what is
 * there. `off`: the field is switched off, or no setting gives it anything. `nothing`: Stash has nothing to say there.
 */
export type FieldVerdict =
  | { readonly kind: 'same' | 'kept' | 'filled' | 'off' | 'nothing'; readonly words: string }
  | {
      readonly kind: 'write';
      readonly words: string;
      /** The whole value afterwards. */
      readonly toCome: string | readonly string[];
      /** Tags. */
      readonly adds: readonly string[];
      readonly removes: readonly string[];
    };

export const words = {
  off: 'Switched off.',
  offByDefault: 'Off, unless the setting fields says otherwise.',
  givenBack: 'It is filled no more: the value stays, and PlexSync’s lock would go.',
  kept: 'A person’s, locked in Plex.',
  keptTags: 'What differs is a person’s.',
  filled: 'By the policy fill, what is there stays.',
  same: 'Plex has it.',
  neither: 'Stash has nothing for it.',
  left: 'Stash has nothing for it; what Plex has stays.',
  bare: 'The scene has no metadata as yet, so nothing is said.',
  write: 'Would be written.',
  cleared: 'Would be emptied.',
  cut: 'Cut to what fits into a request.',
} as const;

/**
 * @param decision for this wanted item and this item of Plex
 * @param cut fields that were cut to fit a request
 */
export function explainField(
  field: Field,
  desired: DesiredItem,
  item: PlexItem,
  decision: SceneDecision,
  cut: readonly Field[],
): FieldVerdict {
  const rule = desired.rules[field];
  const lock = decision.edit?.locks[field];
  if (rule === 'off') return { kind: 'off', words: lock === false ? words.givenBack : words.off };
  if (decision.kept.includes(field)) return { kind: 'kept', words: words.kept };
  if (lock === true) {
    return isTagField(field)
      ? tagWrite(field, item, decision, cut)
      : scalarWrite(field, decision, cut);
  }
  const { isEmpty, isSame } = isTagField(field)
    ? compareTags(desired.tags[field], item.tags[field])
    : compareScalars(desired.scalars[field], item.scalars[field]);
  if (rule === 'untouched') return { kind: 'nothing', words: words.bare };
  if (isEmpty) return { kind: 'nothing', words: isSame ? words.neither : words.left };
  if (isSame) return { kind: 'same', words: words.same };
  if (cut.includes(field)) return { kind: 'same', words: `${words.same} ${words.cut}` };
  if (rule === 'fill') return { kind: 'filled', words: words.filled };
  return { kind: 'kept', words: words.keptTags };
}

function scalarWrite(
  field: ScalarField,
  { edit }: SceneDecision,
  cut: readonly Field[],
): FieldVerdict {
  const toCome = edit?.scalars[field] ?? '';
  return { kind: 'write', words: saidOf(field, toCome, cut), toCome, adds: [], removes: [] };
}

function saidOf(field: Field, { length }: { readonly length: number }, cut: readonly Field[]) {
  if (length === 0) return words.cleared;
  return cut.includes(field) ? `${words.write} ${words.cut}` : words.write;
}

function tagWrite(
  field: TagField,
  { tags }: PlexItem,
  { edit, stale }: SceneDecision,
  cut: readonly Field[],
): FieldVerdict {
  const toCome = edit?.tags[field] ?? [];
  const present = keys(tags[field]);
  // By its spelling: beside one of ours may stand a person's of another.
  const going = new Set(stale[field]);
  return {
    kind: 'write',
    words: saidOf(field, toCome, cut),
    toCome,
    adds: toCome.filter((tag) => !present.has(tagKey(tag))),
    removes: tags[field].filter((tag) => going.has(tag)),
  };
}

interface Compared {
  /** Stash has nothing. */
  readonly isEmpty: boolean;
  readonly isSame: boolean;
}

function compareScalars(wanted: string, current: string): Compared {
  return { isEmpty: wanted === '', isSame: sameScalar(current, wanted) };
}

function compareTags(wanted: readonly string[], current: readonly string[]): Compared {
  const [one, other] = [keys(wanted), keys(current)];
  const isSame = one.size === other.size && [...one].every((key) => other.has(key));
  return { isEmpty: wanted.length === 0, isSame };
}
