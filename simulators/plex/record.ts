/** What the simulator remembers of its clients: every request, every change, and how many. */
import type { AppliedEdit } from './edit.ts';
import { type ItemSnapshot, snapshotOf } from './snapshot.ts';
import type { Route } from './routes.ts';
import type { TagTable } from './tags.ts';

export interface AccessLogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** The request target as it came, query and all. */
  readonly target: string;
  /** Name, value, name, value, as they came. */
  readonly headers: readonly string[];
  /** `none` while there is no answer, and for ever if none was sent. */
  readonly status: number | 'none';
  /** Until the answer was handed over, or the connection ended without one. */
  readonly durationMs: number;
}

export interface WriteRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The query of the request as it came. */
  readonly query: string;
  /** The PUT named no items and hit the whole section. */
  readonly everyItem: boolean;
  readonly before: ItemSnapshot;
  readonly after: ItemSnapshot;
}

export interface Counts {
  requests: number;
  reads: number;
  writes: number;
  identity: number;
  /** `/` and `/library`. */
  root: number;
  sections: number;
  section: number;
  listings: number;
  /** Listings with `file=`. */
  lookups: number;
  details: number;
  choices: number;
  edits: number;
  /** Of a folder or of a whole section. */
  scans: number;
  refreshes: number;
  /** Lists of an item's pictures. */
  images: number;
  uploads: number;
  /** Of a picture that is there already. */
  selections: number;
  picturesTakenAway: number;
  ratings: number;
  /** As played and as unplayed. */
  markings: number;
  timelines: number;
  unknown: number;
  /** Items changed, so that a PUT for 50 counts 50. */
  editedItems: number;
  /** PUTs that named no item and hit a whole section: the mistake that costs a library. */
  everyItemEdits: number;
}

const COUNTED_AS = {
  identity: 'identity',
  root: 'root',
  library: 'root',
  playing: 'root',
  sections: 'sections',
  section: 'section',
  listing: 'listings',
  lookup: 'lookups',
  detail: 'details',
  choices: 'choices',
  edit: 'edits',
  scan: 'scans',
  refresh: 'refreshes',
  images: 'images',
  upload: 'uploads',
  select: 'selections',
  takeAway: 'picturesTakenAway',
  rate: 'ratings',
  scrobble: 'markings',
  unscrobble: 'markings',
  timeline: 'timelines',
  unknown: 'unknown',
} as const satisfies Record<Route['name'], keyof Counts>;

interface Applied extends AppliedEdit {
  readonly at: number;
  readonly query: string;
}

export class Records {
  readonly accessLog: AccessLogEntry[] = [];
  counts = noCounts();
  readonly #applied = new Map<string, Applied[]>();

  /** Notes a request as it comes; the returned function notes its end. */
  request(
    entry: Omit<AccessLogEntry, 'status' | 'durationMs'>,
    route: Route['name'],
  ): (status: AccessLogEntry['status'], endedAt: number) => void {
    const logged: { -readonly [K in keyof AccessLogEntry]: AccessLogEntry[K] } = {
      ...entry,
      status: 'none',
      durationMs: 0,
    };
    this.accessLog.push(logged);
    this.counts.requests += 1;
    this.counts[entry.method === 'GET' ? 'reads' : 'writes'] += 1;
    this.counts[COUNTED_AS[route]] += 1;
    return (status, endedAt) => {
      logged.status = status;
      logged.durationMs = endedAt - logged.at;
    };
  }

  edits(at: number, query: string, applied: readonly AppliedEdit[]): void {
    this.counts.editedItems += applied.length;
    if (applied[0]?.everyItem) this.counts.everyItemEdits += 1;
    this.changes(at, query, applied);
  }

  /** Changes that are no edits: pictures, ratings, views. */
  changes(at: number, query: string, applied: readonly AppliedEdit[]): void {
    for (const edit of applied) {
      const key = edit.after.ratingKey;
      const known = this.#applied.get(key);
      const record = { ...edit, at, query };
      if (known) known.push(record);
      else this.#applied.set(key, [record]);
    }
  }

  /** States are kept, snapshots made when asked for: a run of 100,000 writes stays small. */
  history(ratingKey: string, tags: TagTable): WriteRecord[] {
    return (this.#applied.get(ratingKey) ?? []).map(({ at, query, everyItem, before, after }) => ({
      at,
      query,
      everyItem,
      before: snapshotOf(before, tags),
      after: snapshotOf(after, tags),
    }));
  }
}

export function noCounts(): Counts {
  return {
    requests: 0,
    reads: 0,
    writes: 0,
    identity: 0,
    root: 0,
    sections: 0,
    section: 0,
    listings: 0,
    lookups: 0,
    details: 0,
    choices: 0,
    edits: 0,
    scans: 0,
    refreshes: 0,
    images: 0,
    uploads: 0,
    selections: 0,
    picturesTakenAway: 0,
    ratings: 0,
    markings: 0,
    timelines: 0,
    unknown: 0,
    editedItems: 0,
    everyItemEdits: 0,
  };
}
