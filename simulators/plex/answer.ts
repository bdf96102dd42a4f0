/** What the simulator can answer, before it becomes bytes. */
import type { PlexNode } from './tree.ts';

export type Answer =
  | {
      readonly kind: 'container';
      readonly container: PlexNode;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'empty' }
  | { readonly kind: 'maintenance' }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

export function container(node: PlexNode, headers?: Readonly<Record<string, string>>): Answer {
  return headers
    ? { kind: 'container', container: node, headers }
    : { kind: 'container', container: node };
}

/** An error has a status and an HTML page; nothing else of it can be relied on. */
export function failure(status: number): Answer {
  return { kind: 'error', status };
}
