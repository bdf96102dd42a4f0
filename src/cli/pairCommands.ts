// The commands about the two servers and the way between them.
import { type Command, loaded, plain } from './command.ts';

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
];
