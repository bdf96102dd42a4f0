// What PlexSync asks of a Plex Media Server, as typed calls. Every call ends within the limits of
// its connection, and fails only with a PlexSyncError whose code says what to do about it.
import { isPlexSyncError, PlexSyncError } from '../contract/errors.ts';
import type { PlexImage } from '../domain/mirror/image.ts';
import type { ImageKind, ImageLock } from '../domain/base/imageKind.ts';
import type { ItemEdit, PlexItem, PlexSection } from '../domain/base/plexItem.ts';
import { checkConnection, type PlexConnection } from './connection.ts';
import { encodeEdit } from './editQuery.ts';
import { checkEdit } from './editSchema.ts';
import { gated, noPace, type Pacer } from './gate.ts';
import { type ListedPage, type ListPage, listTarget, readPage } from './listing.ts';
import { checkUpload, imagesTarget, lockTarget, parseImages } from './posters.ts';
import { rateTarget } from './rating.ts';
import { type NonEmptyKeys, ratingKeys as proveKeys } from './ratingKeys.ts';
import { scanTarget } from './scan.ts';
import { parseAnswer, parseItems, parseSections, serverAnswer } from './schemas.ts';
import { openTransport, type PlexAnswer, type PlexRequest } from './transport.ts';
import { type ViewingCalls, viewingCalls } from './viewingCalls.ts';

/**
 * Fails with PlexSyncError only: `plex-…` by what Plex did, `config-invalid` (field `plexToken`)
 * where a call needs a token and none is set, `internal` for a call that must not be made.
 */
export interface PlexClient extends ViewingCalls {
  /** `GET /identity`, for which no token is sent: proves that Plex is there, not the token. */
  identity(): Promise<{ readonly machineIdentifier: string; readonly version: string }>;
  /** `GET /`: proves the address and the token. */
  server(): Promise<{
    readonly machineIdentifier: string;
    readonly version: string;
    readonly friendlyName: string;
  }>;
  /**
   * `GET /status/sessions`, which Plex answers to nobody but its owner (OpenAPI operation: security
   * `admin`). @throws PlexSyncError `plex-unauthorized` for another's token
   */
  askAsOwner(): Promise<void>;
  sections(): Promise<readonly PlexSection[]>;
  /**
   * One page of a section's movies, oldest addition first, or newest update first where
   * `updatedSince` is given. An item that goes during a walk moves others from one page to the one
   * before, so a walk proves what is there, not what is absent.
   */
  listPage(sectionId: string, page: ListPage): Promise<ListedPage>;
  /**
   * Full items by rating key, at most about 50 per call so that the address stays short. A key that
   * is not in the map does not exist in Plex: that was said by Plex and not by something before it.
   */
  items(ratingKeys: readonly string[]): Promise<ReadonlyMap<string, PlexItem>>;
  /**
   * Writes the edit to all of the items, in as many requests as its length demands, one after the
   * other; none if it names nothing. Plex's answer has no content: read back to know what took.
   * After any failure but a 4xx the outcome is unknown; the same edit may be made again.
   * `edit-invalid`, before anything is sent: a value that no request may carry.
   */
  edit(sectionId: string, ratingKeys: NonEmptyKeys, edit: ItemEdit): Promise<void>;
  /**
   * Asks Plex to look through one folder, and those below it, for files that it does not know.
   * Plex answers at once and scans later: what it found shows in a listing, if at all.
   *
   * @param folder as Plex itself spells its path, see `scanTarget`.
   */
  scanFolder(sectionId: string, folder: string): Promise<void>;
  /** An item's pictures of that kind, the one that Plex shows marked as selected. */
  images(ratingKey: string, kind: ImageKind): Promise<readonly PlexImage[]>;
  /**
   * Gives the item a poster; Plex selects what is uploaded and does not lock it. The same bytes again
   * change nothing: Plex names an upload by its SHA-1. There is no call that deletes one.
   * Throws `image-too-large` and `image-unsupported` without sending anything.
   */
  uploadPoster(ratingKey: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** The same for the background. */
  uploadArt(ratingKey: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** Locks or unlocks pictures of up to 50 items of a section in one request; nothing else of them. */
  lockImages(
    sectionId: string,
    ratingKeys: NonEmptyKeys,
    locks: Readonly<Partial<Record<ImageLock, boolean>>>,
  ): Promise<void>;
  /**
   * Rates the item in the name of the token's owner.
   * @param rating 0 to 10, half a star each; null takes the rating away
   */
  rate(ratingKey: string, rating: number | null): Promise<void>;
  /** Requests made so far, retries among them. */
  readonly requests: number;
  /** Of these, the ones made again because a connection kept open had gone stale. */
  readonly retries: number;
  /** Waits for calls under way, then closes the connections; later calls fail. */
  close(): Promise<void>;
}

/**
 * A client for one server. Nothing is sent before the first call.
 *
 * Certificates are verified. Plex's own one is for `*.plex.direct`, so https with a bare IP address
 * fails as `plex-unreachable`: use http inside the house, or the `plex.direct` name.
 *
 * @param now the current time in Unix milliseconds.
 * @param pacer decides how long Plex rests after a write; without one it does not.
 * @throws PlexSyncError `config-invalid`, see `checkConnection`.
 */
export function openPlexClient(
  connection: PlexConnection,
  now: () => number = Date.now,
  pacer: Pacer = noPace,
): PlexClient {
  const checked = checkConnection(connection);
  const { token, timeouts } = checked;
  const transport = gated(openTransport(checked, now), pacer);

  function tokenHeader(): Readonly<Record<string, string>> {
    if (token === '') {
      throw new PlexSyncError('config-invalid', 'No Plex token is set.', { field: 'plexToken' });
    }
    return { 'X-Plex-Token': token };
  }

  function get(
    target: string,
    options: Pick<PlexRequest, 'headers' | 'mayBeAbsent'> = { headers: tokenHeader() },
  ): Promise<PlexAnswer> {
    const { readHeadersMs: headersMs, readBodyMs: bodyMs } = timeouts;
    return transport.exchange({ method: 'GET', target, headersMs, bodyMs, ...options });
  }

  function write(
    request: Pick<PlexRequest, 'method' | 'target' | 'body' | 'once'>,
    contentType?: string,
  ): Promise<PlexAnswer> {
    const { writeHeadersMs: headersMs, writeBodyMs: bodyMs } = timeouts;
    const type = contentType === undefined ? {} : { 'Content-Type': contentType };
    const headers = { ...tokenHeader(), ...type };
    return transport.exchange({ headers, headersMs, bodyMs, ...request });
  }

  async function upload(
    ratingKey: string,
    kind: ImageKind,
    body: Uint8Array,
    contentType: string,
  ): Promise<void> {
    checkUpload(body);
    const target = imagesTarget(ratingKey, kind);
    await write({ method: 'POST', target, body }, contentType);
  }

  async function identity(): ReturnType<PlexClient['identity']> {
    const { text } = await get('/identity', { headers: {} });
    const { machineIdentifier, version } = parseAnswer(serverAnswer, text, 'its identity');
    return { machineIdentifier, version };
  }

  /** Something at the address answered 404: is it Plex that did? */
  async function provePlex(): Promise<void> {
    try {
      await identity();
    } catch (error) {
      if (!isPlexSyncError(error) || error.code !== 'plex-not-found') throw error;
      const message = `What answers at ${checked.address} says 404 to everything: it is not Plex.`;
      throw new PlexSyncError('plex-bad-answer', message, { status: 404, cause: error });
    }
  }

  /** @returns the bodies of the answers: one as a rule, none where none of the items exists */
  async function details(keys: NonEmptyKeys): Promise<readonly string[]> {
    // A plain read may make Plex look at the files first; `skipRefresh` keeps reads free of effects
    // (OpenAPI operation libraryMetadataGetSlash).
    const target = `/library/metadata/${keys.join(',')}?skipRefresh=1`;
    const answer = await get(target, { headers: tokenHeader(), mayBeAbsent: true });
    if (answer.status !== 404) return [answer.text];
    if (keys.length > 1) {
      // Clients take it that a list gives what there is. A server that answers 404 for one missing
      // item among others has the rest all the same.
      const middle = Math.ceil(keys.length / 2);
      return [
        ...(await details(proveKeys(keys.slice(0, middle)))),
        ...(await details(proveKeys(keys.slice(middle)))),
      ];
    }
    // Plex marks its error pages so. Without the mark it may be a proxy speaking for a Plex that is
    // down, and absence has to be proven: then something else must still answer as Plex does.
    if (answer.header('x-plex-protocol') === undefined) await provePlex();
    return [];
  }

  function list(target: string, start: number, size: number): Promise<PlexAnswer> {
    return get(target, {
      headers: {
        ...tokenHeader(),
        'X-Plex-Container-Start': String(start),
        'X-Plex-Container-Size': String(size),
      },
    });
  }

  const ofViewing = viewingCalls({
    list,
    details: async (keys) => (keys.length === 0 ? [] : await details(proveKeys(keys))),
    write: (method, target, options) => write({ method, target, ...options }),
  });

  return {
    ...ofViewing,
    identity,
    async server() {
      return parseAnswer(serverAnswer, (await get('/')).text, 'its description');
    },
    async askAsOwner() {
      await get('/status/sessions');
    },
    async sections() {
      const { text } = await get('/library/sections');
      return parseSections(text);
    },
    async listPage(sectionId, page) {
      const answer = await list(listTarget(sectionId, page), page.start, page.size);
      return readPage(answer, page);
    },
    async items(ratingKeys) {
      if (ratingKeys.length === 0) return new Map();
      const wanted = new Set(ratingKeys);
      const found = (await details(proveKeys(ratingKeys))).flatMap(parseItems);
      return new Map(
        found.filter((item) => wanted.has(item.ratingKey)).map((item) => [item.ratingKey, item]),
      );
    },
    async edit(sectionId, ratingKeys, edit) {
      checkEdit(edit);
      for (const target of encodeEdit(sectionId, ratingKeys, edit)) {
        await write({ method: 'PUT', target });
      }
    },
    async scanFolder(sectionId, folder) {
      await get(scanTarget(sectionId, folder));
    },
    async images(ratingKey, kind) {
      return parseImages((await get(imagesTarget(ratingKey, kind))).text);
    },
    uploadPoster: (key, bytes, type) => upload(key, 'poster', bytes, type),
    uploadArt: (key, bytes, type) => upload(key, 'background', bytes, type),
    async lockImages(sectionId, ratingKeys, locks) {
      await write({ method: 'PUT', target: lockTarget(sectionId, proveKeys(ratingKeys), locks) });
    },
    async rate(ratingKey, rating) {
      await write({ method: 'PUT', target: rateTarget(ratingKey, rating) });
    },
    get requests() {
      return transport.requests;
    },
    get retries() {
      return transport.retries;
    },
    close: () => transport.close(),
  };
}
