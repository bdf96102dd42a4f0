/** The server's tags: one row per kind and name, shared by all items, with one picture each. */
import type { TagKind } from './item.ts';
import type { PlexSwitches } from './switches.ts';

export interface Tag {
  readonly id: number;
  readonly kind: TagKind;
  readonly name: string;
  /** The picture of a person, the same on every item (python-plexapi #462, PR #510). */
  thumb?: string;
}

export class TagTable {
  readonly #tags = new Map<number, Tag>();
  readonly #exact = new Map<string, Tag>();
  readonly #folded = new Map<string, Tag>();

  /** The tag of that name, if the server knows it under the given reading of letter case. */
  find(kind: TagKind, name: string, tagCase: PlexSwitches['tagCase']): Tag | undefined {
    const spelled = asStored(kind, name);
    return tagCase === 'exact'
      ? this.#exact.get(`${kind}:${spelled}`)
      : this.#folded.get(`${kind}:${spelled.toLowerCase()}`);
  }

  /** The tag of that name, made if need be. Spaces at the ends are part of a name. */
  obtain(kind: TagKind, name: string, tagCase: PlexSwitches['tagCase']): Tag {
    const known = this.find(kind, name, tagCase);
    if (known) return known;
    const spelled = asStored(kind, name);
    const tag: Tag = { id: 301 + this.#tags.size, kind, name: spelled };
    this.#tags.set(tag.id, tag);
    this.#exact.set(`${kind}:${spelled}`, tag);
    const folded = `${kind}:${spelled.toLowerCase()}`;
    if (!this.#folded.has(folded)) this.#folded.set(folded, tag);
    return tag;
  }

  byId(id: number): Tag | undefined {
    return this.#tags.get(id);
  }

  nameOf(id: number): string {
    return this.#tags.get(id)?.name ?? '';
  }
}

/** Labels get their first letter capitalised by the server (Kometa #201). */
function asStored(kind: TagKind, name: string): string {
  return kind === 'label' ? name.slice(0, 1).toUpperCase() + name.slice(1) : name;
}
