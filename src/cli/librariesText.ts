// Plex's libraries for a terminal.
import type { LibrariesAnswer } from '../contract/libraries.ts';
import { columns, plain, type Screen } from './text.ts';

export function librariesLines(
  { libraries, problems }: LibrariesAnswer,
  screen: Screen,
): readonly string[] {
  const cells = libraries.map(({ id, title, type, usable, chosen, folders }) => [
    id,
    plain(title),
    type,
    chosen ? 'yes' : usable ? 'no' : 'cannot be',
    folders.map(plain).join(', '),
  ]);
  return [
    ...columns([['number', 'library', 'type', 'kept in step', 'folders'], ...cells], screen, {
      4: 'path',
    }),
    ...libraries.flatMap(({ chosen, warning }) =>
      chosen && warning !== null ? ['', plain(warning)] : [],
    ),
    ...problems.flatMap((problem) => ['', plain(problem)]),
  ];
}
