// The settings that say which scenes go to Plex at all, and their check.
import { readTagList, reportBoth } from './fieldSettings.ts';
import { type Raw, readSwitch, type Report } from './settingValues.ts';
import type { TagList } from './tagList.ts';

export interface GateSettings {
  readonly onlyOrganized: boolean;
  /** Only scenes with one of these tags; empty = all scenes. */
  readonly onlyWithTags: TagList;
  /** Never scenes with one of these tags. */
  readonly neverWithTags: TagList;
}

/** Reports every problem; what it returns is only to be used if there was none. */
export function checkGateSettings(raw: Raw, report: Report): GateSettings {
  const onlyWithTags = readTagList(raw, 'onlyWithTags', report);
  const neverWithTags = readTagList(raw, 'neverWithTags', report);
  reportBoth(['onlyWithTags', onlyWithTags], ['neverWithTags', neverWithTags], report);
  return {
    onlyOrganized: readSwitch(raw, 'onlyOrganized', report),
    onlyWithTags,
    neverWithTags,
  };
}
