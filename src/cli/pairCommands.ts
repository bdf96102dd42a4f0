// The commands about the two servers and the way between them.
import { type Command, loaded, plain } from './command.ts';
import { plain as plainText } from './text.ts';

export const pairCommands: readonly Command[] = [
  {
    ...plain,
    name: 'doctor',
    does: 'looks at everything between Stash and Plex: what is wrong, and what to do',
    more: ['It changes nothing. Its exit code is 1 if something is wrong.'],
    load: async () => {
      const { health } = await import('../tasks/health/health.ts');
      const { healthLines } = await import('./healthText.ts');
      return loaded(health, healthLines, ({ healthy }) => (healthy ? 0 : 1));
    },
    withoutStore: async (path, error) => {
      const { healthWithoutStore } = await import('../tasks/health/health.ts');
      const { healthLines } = await import('./healthText.ts');
      const answer = healthWithoutStore(path, error);
      return { answer, text: () => healthLines(answer), code: 1 };
    },
  },
  {
    ...plain,
    name: 'support',
    does: 'what a report of a fault needs: versions, settings, counts, the last errors',
    more: ['Tokens, addresses, paths and titles are taken out. Look it over all the same.'],
    load: async () =>
      loaded((await import('../tasks/support.ts')).support, ({ text }) => text.split('\n')),
  },
  {
    ...plain,
    name: 'find-plex',
    options: {
      addresses: {
        value: 'list',
        does: 'ask these addresses, by comma, instead of the likely ones',
      },
    },
    does: 'asks likely addresses and the local network where a Plex is',
    more: ['No token is sent to any of them. The setting plexUrl is not changed.'],
    load: async () => {
      const { findPlex, foundLines } = await import('../tasks/findPlex.ts');
      return loaded(findPlex, (answer) => foundLines(answer).map(plainText));
    },
  },
  {
    ...plain,
    name: 'libraries',
    does: 'the libraries of Plex, and which of them are kept in step',
    load: async () => {
      const { librariesLines } = await import('./librariesText.ts');
      return loaded((await import('../tasks/libraries.ts')).libraries, librariesLines);
    },
  },
];
