// The fields of a scene one by one: what Stash wants, what Plex has, what PlexSync put there, and what
// a push would do.
import type { Settings } from '../../contract/settings.ts';
import type { FieldView, Verdict } from '../../contract/sceneView.ts';
import { desiredItem } from '../../domain/mirror/desired.ts';
import type { PushedValues } from '../../domain/mirror/values.ts';
import { explainField, type FieldVerdict, words } from '../../domain/words/explain.ts';
import { type Field, fields, isTagField, type PlexItem } from '../../domain/base/plexItem.ts';
import type { Scene } from '../../domain/base/scene.ts';
import { unsetBecause } from '../../domain/mirror/unset.ts';
import type { DecidedScene } from '../../sync/write/decideScene.ts';

/** What is known of the scene; null where it is not. */
export interface Sides {
  readonly settings: Settings | null;
  readonly scene: Scene | null;
  readonly item: PlexItem | null;
  readonly pushed: PushedValues | null;
  readonly decided: DecidedScene | null;
  /** Why there is no decision, in a sentence. */
  readonly because: string;
}

export function textFields(sides: Sides): readonly FieldView[] {
  const { settings, scene, item, decided, because } = sides;
  const desired = scene === null || settings === null ? null : desiredItem(scene, settings.fields);
  return fields.map((field) => {
    const known = {
      field,
      policy: settings?.fields.policies[field] ?? null,
      wanted: desired === null ? null : plain(valueOf(field, desired)),
      present: item === null ? null : plain(valueOf(field, item)),
      pushed: sides.pushed === null ? null : plain(pushedOf(field, sides.pushed)),
      locked: item === null ? null : item.locked.has(field),
    };
    if (item === null || decided === null) {
      const told = { verdict: null, words: because, toCome: null, adds: [], removes: [] };
      return { ...known, ...told };
    }
    const { decision, cut } = decided;
    const verdict = explainField(field, decided.desired, item, decision, cut);
    if (verdict.kind !== 'write') {
      const told = settings === null ? verdict : orUnset(field, verdict, settings);
      return {
        ...known,
        verdict: told.kind,
        words: told.words,
        toCome: null,
        adds: [],
        removes: [],
      };
    }
    const { toCome, adds, removes } = verdict;
    const write = {
      words: verdict.words,
      toCome: plain(toCome),
      adds: [...adds],
      removes: [...removes],
    };
    return { ...known, verdict: 'write', ...write };
  });
}

/** What a push leaves alone by its rules, a person need not have switched off. */
function orUnset(
  field: Field,
  { kind, words: said }: Exclude<FieldVerdict, { readonly kind: 'write' }>,
  { fields: settings }: Settings,
): { readonly kind: Verdict; readonly words: string } {
  const because = settings.policies[field] === 'off' ? null : unsetBecause(field, settings);
  if (kind !== 'off' || because === null) return { kind, words: said };
  return { kind: 'unset', words: said === words.off ? because : `${because} ${said}` };
}

type Value = string | readonly string[];

function valueOf(field: Field, of: Pick<PlexItem, 'scalars' | 'tags'>): Value {
  return isTagField(field) ? of.tags[field] : of.scalars[field];
}

function pushedOf(field: Field, pushed: PushedValues): Value | null {
  return (isTagField(field) ? pushed.tags[field] : pushed.scalars[field]) ?? null;
}

function plain(value: Value | null): string | string[] | null {
  return value === null || typeof value === 'string' ? value : [...value];
}
