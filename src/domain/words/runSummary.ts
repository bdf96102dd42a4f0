// What a run of the reconciliation has found, in words. Pure.
import { type GapKind, gapKinds } from '../../contract/gaps.ts';

export interface RunCounts {
  readonly scenes: number;
  readonly unread: number;
  /** Gaps by `kind` or `kind:field`. */
  readonly found: Readonly<Record<string, number>>;
  readonly queued: Readonly<Record<string, number>>;
  readonly waiting: number;
  readonly covers: number;
  readonly unlisted: number;
  /** Covers that were never compared and are left to later runs. */
  readonly putOff?: number;
  /** Why it was ended before it was through. */
  readonly stoppedBy?: string;
}

export interface KindCount {
  readonly kind: GapKind;
  readonly count: number;
  /** By field, the most first; none for what concerns a scene as a whole. */
  readonly fields: readonly { readonly field: string; readonly count: number }[];
}

export function byKind(counts: Readonly<Record<string, number>>): readonly KindCount[] {
  return gapKinds.flatMap((kind) => {
    const whole = counts[kind] ?? 0;
    const fields = Object.entries(counts)
      .flatMap(([name, count]) =>
        name.startsWith(`${kind}:`) ? [{ field: name.slice(kind.length + 1), count }] : [],
      )
      .toSorted((a, b) => b.count - a.count || (a.field < b.field ? -1 : 1));
    const count = fields.reduce((sum, field) => sum + field.count, whole);
    return count === 0 ? [] : [{ kind, count, fields }];
  });
}

/** One, and more than one. */
const kindWords: Readonly<Record<GapKind, readonly [string, string]>> = {
  empty: ['empty in Plex', 'empty in Plex'],
  stale: ['stale in Plex', 'stale in Plex'],
  missing: ['scene without an item', 'scenes without an item'],
  'scene-gone': ['scene gone from Stash', 'scenes gone from Stash'],
  'item-gone': ['item gone from Plex', 'items gone from Plex'],
  moved: ['file moved', 'files moved'],
  'no-scene': ['item without a scene', 'items without a scene'],
  edited: ['kept as a person has it in Plex', 'kept as a person has them in Plex'],
};

export function runSummary({ dry, figures }: { dry: boolean; figures: RunCounts }): string {
  const { scenes, unread, found, waiting, covers, unlisted, stoppedBy, putOff = 0 } = figures;
  const parts = [
    ...(stoppedBy === undefined ? [] : [`Ended before it was through: ${stoppedBy}`]),
    `${n(scenes)} ${scenes === 1 ? 'scene' : 'scenes'} looked at`,
    gapsByKind(found) || 'no gaps',
    dry ? 'a dry run: nothing was queued' : queuedText(figures),
    ...(waiting > 0
      ? [`${n(waiting)} ${waiting === 1 ? 'gap waits' : 'gaps wait'} for your word`]
      : []),
    ...(covers > 0
      ? [
          `${n(covers)} ${covers === 1 ? 'picture may be another than in Stash and is' : 'pictures may be others than in Stash and are'} to be compared`,
        ]
      : []),
    ...(putOff > 0
      ? [
          `${n(putOff)} ${putOff === 1 ? 'picture was never compared and is' : 'pictures were never compared and are'} left to later runs`,
        ]
      : []),
    ...(unread > 0
      ? [`${n(unread)} ${unread === 1 ? 'scene' : 'scenes'} could not be judged`]
      : []),
    ...(unlisted > 0 ? [`${n(unlisted)} more than are listed`] : []),
  ];
  return `${parts.join('. ')}.`;
}

function queuedText({ found, queued }: RunCounts): string {
  const count = sum(queued);
  if (count > 0 && count === sum(found)) return count === 1 ? 'It was queued' : 'All were queued';
  const which = gapsByKind(queued);
  return `${n(count)} ${count === 1 ? 'gap' : 'gaps'} queued${which === '' ? '' : `: ${which}`}`;
}

function gapsByKind(counts: Readonly<Record<string, number>>): string {
  const kinds = byKind(counts).map(({ kind, count, fields }) => {
    const of = fields.map(({ field, count: some }) => `${field} ${n(some)}`).join(', ');
    return `${n(count)} ${kindWords[kind][count === 1 ? 0 : 1]}${of === '' ? '' : ` (${of})`}`;
  });
  return kinds.join('; ');
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function n(count: number): string {
  return count.toLocaleString('en-US');
}
