// The images that Stash serves: covers and portraits, or a default one with status 200.
// (stashapp/stash internal/api/routes_scene.go, internal/manager/running_streams.go)
import { createHash } from 'node:crypto';
import { type Cover, type EntityKind, entityKinds } from '../store/records.ts';
import type { StashStore } from '../store/store.ts';

/** A drawing, as Stash's own is (internal/static/scene/scene.svg): no cover is told by anything else. */
const defaultImage: Cover = {
  bytes: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-384 -104 1280 720">\n<!--! default -->\n</svg>\n',
  ),
  contentType: 'image/svg+xml',
};

export type ImageAnswer =
  | {
      readonly status: 200;
      readonly image: Cover;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly status: 400 | 404 };

/** Undefined = the path is no image's. */
export function findImage(store: StashStore, path: string, query: string): ImageAnswer | undefined {
  const match = /^\/([a-z]+)\/([^/]+)\/(screenshot|image|frontimage|backimage)$/.exec(path);
  const [, what = '', idText = '', name] = match ?? [];
  const isScene = what === 'scene' && name === 'screenshot';
  if (match === null || !(isScene || isEntityKind(what))) return undefined;
  const id = Number(idText);
  if (!Number.isInteger(id)) return { status: 400 };
  const owner = isEntityKind(what) ? store.entity(what, id) : store.scene(id);
  if (owner === undefined) return { status: 404 };
  const image = ('cover' in owner ? owner.cover : owner.image) ?? defaultImage;
  const isVersioned = new URLSearchParams(query).has('t');
  return {
    status: 200,
    image,
    headers: {
      'Cache-Control': isVersioned ? 'private, max-age=31536000, immutable' : 'no-cache',
      Etag: `"${createHash('md5').update(image.bytes).digest('hex')}"`,
    },
  };
}

function isEntityKind(text: string): text is EntityKind {
  return entityKinds.some((kind) => kind === text);
}
