/**
 * What can be turned while the simulator runs: the readings of Plex that nobody could settle
 * without a real server, the pace of its database, and faults. Nothing here has a clock.
 */
import { healthyViewing, type ViewingSwitches } from './viewingSwitches.ts';

/** Which requests a fault hits: GET is a read, everything else a write. */
export type FaultTarget = 'reads' | 'writes' | 'all';

/** How far a fault goes. Left out: all requests, for ever. */
export interface FaultLimits {
  readonly on?: FaultTarget;
  /** How many requests are still to be hit; counted down in place, over at 0. */
  count?: number;
}

/** `true` is the fault without limits, `false` no fault. */
export type Fault<Detail extends object = object> = false | (FaultLimits & Detail);
export type PlainFault = true | Fault;

/** What happens to a write that names a poisoned item; none of them applies the write. */
export type Poison = 'hang' | 'drop' | `status-${number}`;

/** Rating keys, or every item. */
export type ItemSet = 'all' | ReadonlySet<string>;

export interface PlexSwitches extends ViewingSwitches {
  /**
   * Whether `T[i].tag.tag` adds to an item's tags or replaces them. Kometa's batching depends on
   * append, python-plexapi PR #151 said overwrite; the OpenAPI document does not decide.
   */
  tagMode: 'append' | 'replace';
  /** The same for a request that names several items, should that be another matter [?]. */
  groupTagMode: 'same' | 'append' | 'replace';
  /**
   * Whether `comedy` is the tag `Comedy` that exists already (the first spelling wins) or another
   * one. No evidence either way was found.
   */
  tagCase: 'first-spelling' | 'exact';
  /**
   * What `file=` matches: the last component of the path in any folder (stevezau's "indexed
   * equality lookup" by base name), or any part of the path in any case (plexopedia, Get All
   * Movies). In neither is a full path matched exactly (nuarr).
   */
  fileMatch: 'base-name' | 'contains';
  /**
   * What Plex makes of a file that was moved or renamed: it sees that, and the item stays ("Part
   * rename detected" in the scanner's log, Absolute-Series-Scanner #441), or the file is a new item
   * and the old one goes. Both are reported; what decides it is not known.
   */
  movedFile: 'same-item' | 'new-item';
  /**
   * What a refresh of the metadata does to fields that are not locked: they are as the scanner found
   * them (python-plexapi #816), or stay. What each agent has an opinion on differs and is not known.
   */
  refresh: 'reverts-unlocked' | 'keeps';
  /** How long after the request a scan is through; `held`: when `finishScans` is called. */
  scanDelayMs: number | 'held';
  /**
   * Whether an upload locks the picture by itself, as deleting one does by the OpenAPI document
   * (operation libraryMetadataDeleteElement). Nobody has shown it of uploads.
   */
  uploadLocks: boolean;
  /** How long one PUT holds the database, whatever number of items it names. */
  writeServiceMs: number;
  /** How long one GET takes; reads do not wait for each other. */
  readServiceMs: number;

  /** The request is taken and never answered. */
  hang: PlainFault;
  /** Headers and half of the body are sent, then nothing. */
  stallBody: PlainFault;
  /** `cut`: a complete answer with half a document; `close`: the connection ends mid-body. */
  truncateBody: Fault<{ readonly how: 'cut' | 'close' }>;
  /** 503 in the shape of startup maintenance, `/identity` included (trakt-scrobbler #308). */
  maintenance: PlainFault;
  /** An HTML error with this status for everything. */
  failEverything: Fault<{ readonly status: number }>;
  /** 401 for everything that needs a token, as after the token was revoked. */
  unauthorized: PlainFault;
  /** 403 for what only the owner may do, as with the token of somebody the server is shared with. */
  guestToken: boolean;
  /** 429. Never documented for a Plex Media Server, but proxies before it send one. */
  rateLimit: Fault<{ readonly retryAfterSeconds?: number }>;
  /** Uploads of pictures fail with this status while all else is well ("fails randomly", plexapi). */
  failUploads: Fault<{ readonly status: number }>;
  /** Uploads are answered well and change nothing. */
  ignoreUploads: PlainFault;
  /** Writes that name one of these items fail, whatever else they name. */
  poison: Map<string, Poison>;
  /** Writes of these items are applied and then never answered. */
  applyThenHang: false | ItemSet | { readonly items: ItemSet; count: number };
}

/** A healthy server in the reading with the most evidence. */
export function healthySwitches(): PlexSwitches {
  return {
    ...healthyViewing(),
    tagMode: 'append',
    groupTagMode: 'same',
    tagCase: 'first-spelling',
    fileMatch: 'base-name',
    movedFile: 'same-item',
    refresh: 'reverts-unlocked',
    uploadLocks: false,
    scanDelayMs: 0,
    writeServiceMs: 0,
    readServiceMs: 0,
    hang: false,
    stallBody: false,
    truncateBody: false,
    maintenance: false,
    failEverything: false,
    unauthorized: false,
    guestToken: false,
    rateLimit: false,
    failUploads: false,
    ignoreUploads: false,
    poison: new Map(),
    applyThenHang: false,
  };
}
