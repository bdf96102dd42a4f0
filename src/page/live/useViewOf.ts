// Which question the data on the screen answers. While another one is under way, the old data stays.
import { useRef } from 'react';

/**
 * @param data of the last answer
 * @param asked the question that is asked now
 * @returns the question that `data` answers
 */
export function useViewOf(data: unknown, asked: string): string {
  const known = useRef({ data, view: asked });
  if (known.current.data !== data) known.current = { data, view: asked };
  return known.current.view;
}
