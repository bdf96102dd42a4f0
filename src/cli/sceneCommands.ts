// The commands that show one scene, and what was changed.
import { type Command, loaded, pageOptions, plain } from './command.ts';

export const sceneCommands: readonly Command[] = [
  {
    ...plain,
    name: 'scene',
    operands: ['scene'],
    does: 'one scene: its item, what differs, what a push would write, its history',
    more: [
      'scene: number of the scene in Stash; it stands in its address, after /scenes/.',
      'Nothing is written. Where Stash or Plex cannot be asked it shows what PlexSync knows.',
    ],
    load: async () => {
      const { sceneView } = await import('../tasks/sceneView/view.ts');
      const { sceneLines } = await import('./sceneText.ts');
      return loaded(sceneView, sceneLines);
    },
  },
  {
    ...plain,
    name: 'history',
    options: {
      scene: { value: 'scene', does: 'only of this scene' },
      item: { value: 'item', does: 'only of this Plex item' },
      field: { value: 'field', does: 'only of this field of Plex, such as title or genre' },
      search: { value: 'text', does: 'only where the title, the file or a value has this in it' },
      ...pageOptions,
    },
    does: 'what PlexSync changed in Plex, the newest first',
    load: async () => {
      const { historyLines } = await import('./historyText.ts');
      return loaded((await import('../tasks/history.ts')).history, historyLines);
    },
  },
  {
    ...plain,
    name: 'viewing',
    options: {
      scene: { value: 'scene', does: 'only of this scene' },
      item: { value: 'item', does: 'only of this Plex item' },
      field: { value: 'field', does: 'only watched, resume or rating' },
      search: { value: 'text', does: 'only where the title or the file has this in it' },
      ...pageOptions,
    },
    does: 'what was watched, begun and rated on one side and carried to the other, the newest first',
    load: async () => {
      const { viewingLines } = await import('./viewingText.ts');
      return loaded((await import('../tasks/viewing.ts')).viewing, viewingLines);
    },
  },
];
