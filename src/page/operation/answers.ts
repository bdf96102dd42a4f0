// Whether what an operation answered is what this page knows of it.
import { fits, type Shape } from './shape.ts';
import type { AnyAnswer, AnyName } from './table.ts';

/** The build puts them here (`scripts/answerShapes.ts`). */
declare const PLEXSYNC_SHAPES: Readonly<Record<AnyName, Shape>>;

const shapes = PLEXSYNC_SHAPES;

export function isAnswer<Name extends AnyName>(
  name: Name,
  given: unknown,
): given is AnyAnswer<Name> {
  return fits(shapes[name], given);
}
