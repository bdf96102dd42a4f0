// Saving settings fires no hook. Those that were read are compared with the ones that the last work was
// done by: others are a reason to work, since they may let more scenes through. And whoever saves them
// on the page of PlexSync says so, which ends the worker's rest.
import * as v from 'valibot';
import type { Database } from '../../store/file/database.ts';
import { readState, type Singleton, writeState } from '../../store/file/state.ts';
import type { SettingsRead } from './configuration.ts';

/** Hash of the settings that were worked by last. */
const settingsInUse: Singleton<string> = { name: 'settings-in-use', schema: v.string() };
/** Unix ms at which somebody last said that they had saved settings. */
const settingsSavedAt: Singleton<number> = { name: 'settings-saved-at', schema: v.number() };

export function noteSettingsSaved(db: Database, now: number): void {
  writeState(db, settingsSavedAt, now);
}

export interface SettingsWatch {
  /** Whether settings were saved since this was asked last. */
  wereSaved(): boolean;
  /** The settings as they were read. */
  note(read: SettingsRead): void;
  /** Whether they are others than those that were worked by. */
  areNew(): boolean;
  /** All is done that other settings ask for. */
  worked(hash: string): void;
}

export function openSettingsWatch(db: Database): SettingsWatch {
  let savedAt = readState(db, settingsSavedAt);
  let areNew = false;
  return {
    wereSaved: () => {
      const before = savedAt;
      savedAt = readState(db, settingsSavedAt);
      return savedAt !== before;
    },
    note: (read) => {
      areNew = read.kind === 'valid' && read.hash !== readState(db, settingsInUse);
    },
    areNew: () => areNew,
    worked: (hash) => {
      if (areNew) writeState(db, settingsInUse, hash);
      areNew = false;
    },
  };
}
