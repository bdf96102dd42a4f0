// What the documents call by the names of Stash and of Plex. Those of Stash are looked for in a real one
// (test/stash/cases/documents.test.ts); those of Plex nobody here could look for.

/** By the tab of Stash's settings where they stand. */
export const stashNames: Readonly<Record<string, readonly string[]>> = {
  plugins: [
    'Reload plugins',
    'Available Plugins',
    'Installed Plugins',
    'Add Source',
    'Check for Updates',
    'Install',
    'Uninstall',
  ],
  tasks: ['Task Queue', 'Plugin Tasks'],
  logs: ['Log Level', 'Info', 'Debug', 'Trace'],
  security: ['Generate API key'],
  system: ['Plugins Path'],
  tools: ['PlexSync'],
};

/** The tabs themselves, in Stash's own menu of its settings. */
export const stashTabs = ['Tasks', 'Security', 'System', 'Plugins', 'Logs', 'Tools'] as const;

/** In Plex Web, its settings and plex.tv. */
export const plexNames: readonly string[] = [
  'Get Info',
  'View XML',
  'Edit',
  'Edit library',
  'Advanced',
  'Authorized Devices',
  'Fix Match',
  'Split Apart',
  'Movies',
  'Personal Media',
  'Plex Movie',
  'Plex Video Files Scanner',
  'sign out everywhere',
];
