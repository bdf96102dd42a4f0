// What is known of how this Plex takes the tags of an edit, kept per server and version of it.
import {
  type KnownModes,
  replacedAfterAll,
  type TagMode,
  type TagModes,
} from '../../domain/mirror/tagMode.ts';
import type { PlexItem, TagField } from '../../domain/base/plexItem.ts';
import * as state from '../../store/file/state.ts';
import { readState, writeState } from '../../store/file/state.ts';
import type { Database } from '../../store/file/database.ts';
import type { DrainContext } from '../base/context.ts';
import type { PlannedWrite } from '../base/job.ts';

export interface TagKnowledge {
  readonly modes: KnownModes;
  learn(shape: keyof KnownModes, field: TagField, mode: TagMode): void;
}

/** What is known of this server, if it still is of the version that it was learnt from. */
export function openTagKnowledge(
  { db, log }: Pick<DrainContext, 'db' | 'log'>,
  machineIdentifier: string,
): TagKnowledge {
  const version = readState(db, state.versions)?.plex ?? null;
  let modes = tagModesOf(db, machineIdentifier);
  return {
    get modes() {
      return modes;
    },
    learn: (shape, field, mode) => {
      if (modes[shape][field] === mode) return;
      modes = { ...modes, [shape]: { ...modes[shape], [field]: mode } };
      // A version that nobody told could not be told from the next one: it holds for the batch.
      if (version === null) return;
      const { one, many } = modes;
      writeState(db, state.tagModes, { machineIdentifier, version, modes: one, groupModes: many });
      const does = mode === 'append' ? 'adds to' : 'replaces';
      const whose = shape === 'one' ? 'an item’s' : 'several items’';
      log.write('info', 'tag-mode', `Plex ${does} ${whose} tags of the kind ${field}`, { version });
    },
  };
}

/** The same, for whoever learns nothing. */
export function tagModesOf(db: Database, machineIdentifier: string): KnownModes {
  const version = readState(db, state.versions)?.plex ?? null;
  const known = readState(db, state.tagModes);
  const isOfThis =
    known !== null && known.machineIdentifier === machineIdentifier && known.version === version;
  return isOfThis ? { one: known.modes, many: known.groupModes } : { one: {}, many: {} };
}

/**
 * Looks at an item after a group's write that relied on "append". If the tags that it had are gone,
 * the knowledge is wrong, and nothing is believed of this Plex any more; the item needs its whole
 * lists.
 * @param modes what was known of groups when it was written
 */
export function forgetIfReplaced(
  knowledge: TagKnowledge,
  modes: TagModes,
  job: PlannedWrite,
  now: PlexItem,
): readonly TagField[] {
  const lost = replacedAfterAll(job, now).filter((field) => modes[field] === 'append');
  for (const field of lost) {
    knowledge.learn('one', field, 'replace');
    knowledge.learn('many', field, 'replace');
  }
  return lost;
}
