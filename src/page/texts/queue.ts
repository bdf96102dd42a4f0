// English texts of the queue.

export const queueTexts = {
  label: 'Changes that wait',
  hint: 'Scene, title or path',
  heads: { scene: 'Scene', since: 'Since', why: 'Why', next: 'Next try', actions: 'Actions' },
  empty:
    'Nothing waits. A change in Stash stands here from the moment it is saved until Plex has it.',
  emptySearch: 'Nothing that waits fits.',
  allCauses: 'All causes',
  cause: 'Cause of the last failure',
  first: 'First',
  firstTitle: 'Push it before all others',
  tryNow: 'Try now',
  remove: 'Remove',
  inFlight: 'being pushed now',
  held: {
    paused: 'once resumed',
    settings: 'once the settings are right',
    away: 'once Plex is back',
  },
  due: 'due now',
  bulk: 'after your edits',
  /** "Tried twice: …" */
  tries: (count: string) => `${count} tries`,
  oneTry: '1 try',
  spooled: (count: string) => `${count} more were handed over by Stash a moment ago.`,
  toSync: (count: string) => `A sync has still to look at ${count}.`,
  fresh: (count: string) => `${count} new in the list.`,
  left: (count: string) => `${count} of those shown do not wait any more.`,
  total: (count: string) => `${count}.`,
  show: 'Show it as it is now',
  clear: (count: string) => `Clear ${count}`,
  endSync: (count: string) => `End the sync: ${count} to look at`,
  retryAll: (count: string) => `Try ${count} now`,
  askClear: {
    title: 'Clear the queue?',
    text: (count: string) =>
      `${count} are removed and will not reach Plex, and a sync under way ends. What is being pushed now finishes. A change that was cleared reaches Plex when its scene is saved or synced again.`,
  },
  askRemove: {
    title: 'Remove this change?',
    text: '1 change is removed and will not reach Plex. It does when its scene is saved or synced again.',
    accept: 'Remove 1 change',
  },
  entities: {
    scene: 'Scene',
    performer: 'Performer',
    studio: 'Studio',
    tag: 'Tag',
    group: 'Group',
  },
  /** Below the name of what is no scene. */
  fanOut: 'Its scenes are found first, then pushed.',
  sources: {
    index: 'Plex has its file now',
    choice: 'you chose its item',
    sync: 'you had it synced',
    'sync-all': 'a sync of all scenes',
    'sync-changed': 'a sync of changed scenes',
    reconcile: 'a comparison found a difference',
    retry: 'you had it tried again',
    mappings: 'folders of Stash and Plex were matched anew',
    inherits: 'another scene with its file is gone',
    'item-gone': 'its item is gone from Plex',
    'item-free': 'an item became free',
    'item-taken': 'another scene has its item',
  },
} as const;

const hookWords: Readonly<Record<string, string>> = {
  Create: 'created in Stash',
  Update: 'changed in Stash',
  Destroy: 'deleted in Stash',
  Merge: 'merged in Stash',
};

/** Why a change waits. @param source a hook of Stash's such as `Scene.Update.Post`, or a word of PlexSync's */
export function sourceWords(source: string): string {
  const own: Readonly<Record<string, string>> = queueTexts.sources;
  if (Object.hasOwn(own, source)) return own[source] ?? source;
  const [entity = '', verb = ''] = source.split('.');
  const words = hookWords[verb];
  if (words === undefined) return source;
  return entity === 'Scene' ? words : `${entity.toLowerCase()} ${words}`;
}
