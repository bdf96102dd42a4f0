// The lists of the queue for a terminal: a line each, and below them what the causes mean.
import type {
  DeadLettersAnswer,
  ExtrasAnswer,
  QueueAnswer,
  WaitingAnswer,
} from '../contract/lists.ts';
import { clockTime, columns, grouped, plain, type Screen } from './text.ts';

export function queueLines({ total, rows }: QueueAnswer, screen: Screen): readonly string[] {
  if (total === 0) return ['No change waits.'];
  const cells = rows.map((row) => [
    row.key,
    nameOf(row),
    clockTime(row.since),
    row.inFlight ? 'now' : row.dueAt === null ? 'never' : clockTime(row.dueAt),
    String(row.attempts),
    row.priority,
    plain(row.source),
    row.cause?.code ?? '',
  ]);
  const head = ['what', '', 'since', 'next', 'tries', 'order', 'source', 'cause'];
  return [
    total === 1 ? '1 change waits.' : `${grouped(total)} changes wait.`,
    ...columns([head, ...cells], screen, { 1: 'path', 6: 'end' }),
    ...meanings(rows.flatMap(({ cause }) => cause ?? [])),
    ...rest(total, rows.length),
  ];
}

export function deadLetterLines(
  { total, rows }: DeadLettersAnswer,
  screen: Screen,
): readonly string[] {
  if (total === 0) return ['Nothing was given up.'];
  const cells = rows.map((row) => [
    row.key,
    nameOf(row),
    clockTime(row.firstErrorAt),
    clockTime(row.lastErrorAt),
    String(row.attempts),
    row.cause.code,
    plain(row.field ?? ''),
    plain(row.message),
  ]);
  const head = ['what', '', 'first', 'last', 'tries', 'cause', 'field', 'message'];
  return [
    total === 1 ? '1 change was given up.' : `${grouped(total)} changes were given up.`,
    ...columns([head, ...cells], screen, { 1: 'path', 7: 'end' }),
    ...meanings(rows.map(({ cause }) => cause)),
    '',
    'To try them again: plexsync retry --keys <what>, --cause <cause> or --all',
    ...rest(total, rows.length),
  ];
}

export function extraLines({ total, rows }: ExtrasAnswer, screen: Screen): readonly string[] {
  if (total === 0) return ['No picture or rating is there.'];
  const cells = rows.map((row) => [
    `scene:${row.scene}`,
    nameOf(row),
    row.kind,
    row.dueAt === null ? 'given up' : clockTime(row.dueAt),
    String(row.attempts),
    row.failedAt === null ? '' : clockTime(row.failedAt),
    row.cause?.code ?? '',
  ]);
  const head = ['what', '', 'kind', 'next', 'tries', 'failed', 'cause'];
  return [
    total === 1 ? '1 picture or rating.' : `${grouped(total)} pictures and ratings.`,
    ...columns([head, ...cells], screen, { 1: 'path' }),
    ...meanings(rows.flatMap(({ cause }) => cause ?? [])),
    ...rest(total, rows.length),
  ];
}

export function waitingLines({ total, rows }: WaitingAnswer, screen: Screen): readonly string[] {
  if (total === 0) return ['No scene that PlexSync has met is without a Plex item.'];
  const cells = rows.map((row) => [
    `scene:${row.scene}`,
    nameOf(row),
    row.since === null ? '' : clockTime(row.since),
    row.cause.code,
  ]);
  return [
    total === 1 ? '1 scene has no Plex item.' : `${grouped(total)} scenes have no Plex item.`,
    ...columns([['what', '', 'awaited since', 'reason'], ...cells], screen, { 1: 'path' }),
    ...meanings(rows.map(({ cause }) => cause)),
    ...rest(total, rows.length),
  ];
}

function nameOf({ title, path }: { readonly title: string; readonly path: string }): string {
  return plain(title === '' ? path : title);
}

interface Cause {
  readonly code: string;
  readonly meaning: string;
  readonly wayOut: string;
}

/** Each once. */
function meanings(causes: readonly Cause[]): readonly string[] {
  const known = new Map(causes.map((cause) => [cause.code, cause]));
  const lines = [...known.values()].map(({ code, meaning, wayOut }) =>
    `${plain(code)}: ${plain(meaning)} ${wayOut}`.trimEnd(),
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

function rest(total: number, shown: number): readonly string[] {
  const more = total - shown;
  return more > 0 ? ['', `${grouped(more)} more are not shown: see --limit and --offset.`] : [];
}
