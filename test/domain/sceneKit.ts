// A scene that holds nothing, the settings that nobody touched, and what tests put into them.
import type { FieldSettings } from '../../src/contract/fieldSettings.ts';
import type { GateSettings } from '../../src/contract/gateSettings.ts';
import { checkSettings } from '../../src/contract/settings.ts';
import type { Scene } from '../../src/domain/base/scene.ts';

export const bareScene: Scene = {
  id: 1,
  title: null,
  code: null,
  details: null,
  date: null,
  updatedAt: '2025-01-01T00:00:00Z',
  director: null,
  organized: false,
  rating100: null,
  cover: '',
  studio: null,
  tags: [],
  performers: [],
  groups: [],
  urls: [],
  files: [],
};

/** The settings as Stash would have them after a person typed these. */
function typed(raw: Readonly<Record<string, unknown>>) {
  const check = checkSettings({ plexUrl: 'http://plex', plexToken: 'token', ...raw });
  if (check.kind === 'invalid') throw new Error(JSON.stringify(check.problems));
  return check.settings;
}

export function fieldSettings(raw: Readonly<Record<string, unknown>> = {}): FieldSettings {
  return typed(raw).fields;
}

export function gateSettings(raw: Readonly<Record<string, unknown>> = {}): GateSettings {
  return typed(raw).gates;
}

export function tagsNamed(...names: string[]): Scene['tags'] {
  return names.map((name, at) => ({ id: at + 1, name, parents: [] }));
}

/** "Ann Bell" or "Ann Bell|actress". */
export function performersNamed(...names: string[]): Scene['performers'] {
  return names.map((full, at) => {
    const [name = '', disambiguation = null] = full.split('|');
    return { id: at + 1, name, disambiguation };
  });
}

export function fileAt(path: string): Scene['files'] {
  return [{ path, size: 1, durationSeconds: 1 }];
}
