// Runs and gaps for a terminal.
import type { GapsAnswer, RunsAnswer, RunView } from '../contract/reconcile.ts';
import { duration } from '../domain/base/durationWords.ts';
import { byKind } from '../domain/words/runSummary.ts';
import { originWords } from '../tasks/reconcileLines.ts';
import { valueText } from './historyText.ts';
import { clockTime, columns, grouped, plain, type Screen, wrapped } from './text.ts';

export function runLines({ sentence, runs }: RunsAnswer, screen: Screen): readonly string[] {
  const cells = runs.map((run) => [
    String(run.id),
    clockTime(run.begunAt),
    run.durationMs === null ? 'now' : duration(run.durationMs),
    `${originWords[run.origin]}${run.dry ? ', dry' : ''}${run.state === 'stopped' ? ', ended' : ''}`,
    scopeText(run),
    grouped(run.scenes),
    `${grouped(run.stashRequests)} + ${grouped(run.plexRequests)}`,
    grouped(total(run.found)),
    grouped(total(run.queued)),
    grouped(run.waiting),
  ]);
  const before = ['no.', 'begun', 'took', 'why', 'which', 'scenes', 'requests'];
  const head = before.concat('gaps', 'queued', 'waiting');
  const [last] = runs;
  return [
    ...wrapped(sentence, screen),
    ...(cells.length === 0
      ? []
      : ['', ...columns([head, ...cells], screen, { 3: 'end', 4: 'end' })]),
    ...(last === undefined ? [] : ['', ...byKindLines(last)]),
  ];
}

function scopeText({ since, until, library, kinds, pushedSince }: RunView): string {
  const parts = [
    ...(since === null ? [] : [`since ${clockTime(since)}`]),
    ...(until === null ? [] : [`before ${clockTime(until)}`]),
    ...(library === null ? [] : [`library ${plain(library)}`]),
    ...(kinds === null ? [] : [kinds.join(', ')]),
    ...(pushedSince === undefined ? [] : [`pushed since ${clockTime(pushedSince)}`]),
  ];
  return parts.length === 0 ? 'all' : parts.join('; ');
}

/** What the newest run has found and queued, by kind and field. */
function byKindLines({ id, found, queued }: RunView): readonly string[] {
  const queuedOf = (name: string): string => grouped(queued[name] ?? 0);
  const cells = byKind(found).flatMap(({ kind, count, fields }) =>
    fields.length === 0
      ? [[kind, '', grouped(count), queuedOf(kind)]]
      : fields.map(({ field, count: some }) => [
          kind,
          plain(field),
          grouped(some),
          queuedOf(`${kind}:${field}`),
        ]),
  );
  if (cells.length === 0) return [`Number ${id} has found no gaps.`];
  return [`Of number ${id}:`, ...columns([['kind', 'field', 'gaps', 'queued'], ...cells])];
}

export function gapLines({ total: all, rows }: GapsAnswer, screen: Screen): readonly string[] {
  if (all === 0) return ['No gap is known. "plexsync reconcile" looks for them.'];
  const cells = rows.map((row) => [
    String(row.id),
    row.scene === null ? `item ${plain(row.item ?? '')}` : `scene ${row.scene}`,
    plain(row.title),
    row.kind,
    plain(row.field),
    row.confidence,
    row.stash === null ? '' : valueText(row.stash),
    row.plex === null ? '' : valueText(row.plex),
    row.state,
  ]);
  const head = ['no.', 'what', '', 'kind', 'field', 'sure', 'in Stash', 'in Plex', 'state'];
  const more = all - rows.length;
  const [only] = rows;
  return [
    all === 1 ? '1 gap.' : `${grouped(all)} gaps.`,
    ...columns([head, ...cells], screen, { 2: 'end', 6: 'end', 7: 'end' }),
    // Where one is looked at there is room for the reason.
    ...(rows.length === 1 && only !== undefined
      ? ['', ...wrapped(plain(only.reason), screen)]
      : []),
    ...(rows.some(({ state }) => state === 'waiting')
      ? ['', 'To push what waits: plexsync release-gaps, with --gap, --scene, --kind or --field']
      : []),
    ...(more > 0 ? ['', `${grouped(more)} more are not shown: see --limit and --offset.`] : []),
  ];
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
