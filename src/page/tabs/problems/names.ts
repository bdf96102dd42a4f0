// What a row is about, as a person calls it. Pure.
import { smallTexts } from '../../texts/small.ts';
import { problemsTexts } from '../../texts/problems.ts';

interface Thing {
  readonly what: string;
  readonly id: number;
  readonly title: string;
}

export function nameOf({ what, id, title }: Thing): string {
  if (title !== '') return title;
  const names: Readonly<Record<string, (id: number) => string>> = problemsTexts.things;
  return names[what]?.(id) ?? `${what} ${id}`;
}

export const sceneName = (scene: number, title: string): string =>
  title === '' ? smallTexts.untitled(scene) : title;

/** Its page in Stash. */
export const pageOf = ({ what, id }: Thing): string => `/${what}s/${id}`;
