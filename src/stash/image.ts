// The bytes of a picture that Stash serves: only ever a picture, never a login page, never the
// placeholder of a scene without a cover.
import { PlexSyncError } from '../contract/errors.ts';
import { imageTypeOf, largestImageBytes, type PlexImageType } from '../domain/mirror/image.ts';
import { type Entrance, isHtml } from './entrance.ts';
import type { HttpAnswer, Transport } from './transport.ts';

export interface StashImage {
  readonly bytes: Uint8Array;
  /** By the bytes themselves. */
  readonly contentType: PlexImageType;
}

/**
 * The picture at an address that Stash gave, or null where there is none.
 *
 * Stash answers for a scene without a cover as for one with a cover, status 200 and `?t=` included;
 * what it sends then is a drawing of its own, an SVG compiled into it (stashapp/stash
 * `internal/manager/running_streams.go` `ServeScreenshot`, `internal/static/scene/scene.svg`). No
 * client of Plex shows an SVG, so one is never a cover, whoever put it there.
 *
 * @param address what GraphQL gave for it. Only Stash's own path and the query are used: the host in
 *   it, and a folder before that path, are those that the request named, or Stash's public ones
 *   (`external_host`).
 * @throws PlexSyncError `stash-unauthorized`; `image-too-large`; `image-unsupported` for a picture of
 *   a kind that Plex does not show; `stash-bad-answer` for anything else that is no picture, 404
 *   among it; and those of the transport.
 */
export async function readImage(
  entrance: Entrance,
  transport: Transport,
  address: string,
): Promise<StashImage | null> {
  const target = targetOf(address);
  const answer = await entrance.enter(async (headers) => {
    const received = await transport.get(target, headers, largestImageBytes);
    return { ...received, isPage: isPage(received) };
  });
  const { status, contentType, body } = answer;
  if (status !== 200) {
    const isGateway = status === 502 || status === 503 || status === 504;
    const message = `Stash answered with status ${status} and no picture.`;
    throw new PlexSyncError(isGateway ? 'stash-unreachable' : 'stash-bad-answer', message, {
      status,
    });
  }
  if (body === null) {
    const limit = `${(largestImageBytes / 1_000_000).toFixed(1)} MB`;
    throw new PlexSyncError('image-too-large', `The picture is larger than Plex takes (${limit}).`);
  }
  const type = imageTypeOf(body);
  if (type !== null && /^image\//i.test(contentType)) return { bytes: body, contentType: type };
  if (body.length === 0 || isDrawing(answer)) return null;
  if (/^(image|application\/octet-stream)\b/i.test(contentType)) {
    const message = 'The picture is not a JPEG, PNG, WebP or GIF: Plex would not show it.';
    throw new PlexSyncError('image-unsupported', message);
  }
  throw new PlexSyncError('stash-bad-answer', 'Stash sent something that is no picture.');
}

/** @throws PlexSyncError `stash-bad-answer` for an address that is none. */
function targetOf(address: string): string {
  const base = 'http://stash';
  if (!URL.canParse(address, base)) {
    throw new PlexSyncError('stash-bad-answer', 'The address of the picture is none.');
  }
  const { pathname, search } = new URL(address, base);
  return pathname.replace(/^.*(?=\/scene\/\d+\/screenshot$)/, '') + search;
}

const inspectedBytes = 1_024;

function isPage({ contentType, body }: HttpAnswer<Uint8Array | null>): boolean {
  const start = startOf(body);
  if (/^\s*<(!doctype\s+html|html)\b/i.test(start)) return true;
  // Stash names a drawing that begins with a comment so (Go `net/http` `DetectContentType`).
  return isHtml(contentType) && !/<svg[\s>/]/i.test(start);
}

function isDrawing({ contentType, body }: HttpAnswer<Uint8Array | null>): boolean {
  if (/^image\/svg/i.test(contentType)) return true;
  const start = startOf(body);
  return /^\s*<[?!s]/i.test(start) && /<svg[\s>/]/i.test(start);
}

function startOf(body: Uint8Array | null): string {
  return Buffer.from((body ?? new Uint8Array()).subarray(0, inspectedBytes)).toString('latin1');
}
