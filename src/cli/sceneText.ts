// One scene for a terminal: what it is, its item, what waits, field by field what differs, and what
// was changed last.
import type { Hold, SceneViewAnswer } from '../contract/sceneView.ts';
import { changeCells, valueText } from './historyText.ts';
import { clockTime, columns, cut, cutPath, grouped, plain, type Screen, wrapped } from './text.ts';

type Item = SceneViewAnswer['item'];
type Field = SceneViewAnswer['fields'][number];

export function sceneLines(view: SceneViewAnswer, screen: Screen): readonly string[] {
  return [
    ...sceneHead(view, screen),
    '',
    ...itemLines(view, screen),
    ...queueLines(view, screen),
    '',
    ...fieldLines(view.fields, screen),
    '',
    ...historyLines(view, screen),
  ];
}

function sceneHead({ scene, sentence }: SceneViewAnswer, screen: Screen): readonly string[] {
  const { id, title, path, words, pushedAt } = scene;
  const name = title === '' ? '' : `  ${plain(title)}`;
  return [
    cut(`Scene ${id}${name}`, widthIn(screen)),
    ...pathLine(path, screen),
    ...(pushedAt === null ? [] : [`  Pushed last ${clockTime(pushedAt)}.`]),
    ...(words === null ? [] : wrapped(plain(words), screen, '  ')),
    ...wrapped(plain(sentence), screen, '  '),
  ];
}

function itemLines({ scene, item }: SceneViewAnswer, screen: Screen): readonly string[] {
  const { title, library, file, match, none } = item;
  const score = match?.score ?? null;
  const how = match === null ? '' : `${match.why}${score === null ? '' : ` (${score})`}`;
  const name = [title, library === null ? null : `in ${library}`].filter((one) => one !== null);
  return [
    cut([itemHead(item), ...name.map(plain)].join('  '), widthIn(screen)),
    ...pathLine(file ?? '', screen),
    ...(how === '' ? [] : wrapped(plain(how), screen, '  ')),
    ...(none === null ? [] : noneLines(scene.id, none, screen)),
    ...pinLines(item),
  ];
}

function itemHead({ state, item, verified }: Item): string {
  const number = item === null ? '' : ` ${plain(item)}`;
  switch (state) {
    case 'has':
      return `Plex item${number}${verified ? '' : ' (not looked at now)'}`;
    case 'would-match':
      return `Would be matched to Plex item${number}`;
    case 'none':
      return item === null ? 'No Plex item' : `No Plex item; it had${number}`;
    case 'unknown':
      return 'No Plex item is known';
  }
}

/** Reasons that what Plex has got since may end. */
const byIndex: readonly string[] = ['waiting', 'outside', 'review'];

function noneLines(
  scene: number,
  { code, meaning, wayOut, words, candidates, lookedAt }: NonNullable<Item['none']>,
  screen: Screen,
): readonly string[] {
  const rows = candidates.map((candidate) => [
    '  ',
    `item ${plain(candidate.item)}`,
    String(candidate.score).padStart(3),
    plain(candidate.title),
    plain(candidate.file),
    plain(candidate.why),
  ]);
  return [
    ...wrapped(plain(words === null ? meaning : `${meaning} ${words}`), screen, '  '),
    ...wrapped(plain(wayOut), screen, '  '),
    ...(lookedAt === null || !byIndex.includes(code)
      ? []
      : [`  PlexSync looked for what is new in Plex at ${clockTime(lookedAt)}.`]),
    ...columns(rows, screen, { 3: 'end', 4: 'path', 5: 'end' }),
    ...(rows.length === 0 ? [] : [`  To choose: plexsync pin ${scene} <item>`]),
  ];
}

function pinLines({ pin }: Item): readonly string[] {
  if (pin === null) return [];
  if (pin.kind === 'never') return ['  It was chosen never to be written.'];
  const who = pin.source === 'url' ? 'A link at the scene' : 'A person';
  return [`  ${who} chose item ${plain(pin.item ?? '')}.`];
}

function queueLines({ queue, held }: SceneViewAnswer, screen: Screen): readonly string[] {
  const { waiting, deadLetter, extras } = queue;
  const lines: string[] = [];
  if (waiting !== null) {
    const { inFlight, dueAt, attempts, cause } = waiting;
    const when = inFlight ? 'is being pushed now' : `is tried ${whenDue(dueAt, held)}`;
    const failed = cause === null ? '' : ` after ${tries(attempts)}: ${cause.meaning}`;
    lines.push(`A change waits since ${clockTime(waiting.since)} and ${when}${failed}.`);
  }
  if (deadLetter !== null) {
    const { code, message, wayOut, lastErrorAt } = deadLetter;
    lines.push(`Given up ${clockTime(lastErrorAt)}: ${code}: ${message} ${wayOut}`);
  }
  for (const { kind, dueAt, error } of extras) {
    const state = dueAt === null ? 'was given up' : `is sent ${whenDue(dueAt, held)}`;
    lines.push(`The ${kind} ${state}${error === null ? '' : `: ${error.message}`}`);
  }
  if (lines.length === 0) return [];
  return ['', ...lines.flatMap((line) => wrapped(ended(plain(line)), screen))];
}

function whenDue(dueAt: number | null, held: Hold | null): string {
  if (held !== null)
    return held === 'setup' ? 'when the setup is over' : 'once PlexSync is resumed';
  return dueAt === null ? 'at no set time' : `at ${clockTime(dueAt)}`;
}

function tries(count: number): string {
  return count === 1 ? '1 failed try' : `${grouped(count)} failed tries`;
}

function ended(line: string): string {
  return /[.!?]$/.test(line) ? line.replace(/\.+$/, '.') : `${line}.`;
}

function fieldLines(fields: readonly Field[], screen: Screen): readonly string[] {
  const rows = fields.map(({ field, policy, locked, verdict, words }) => [
    field,
    verdict ?? '?',
    policy ?? '',
    locked === true ? 'locked' : '',
    plain(words),
  ]);
  const heads = columns([['field', 'verdict', 'policy', '', ''], ...rows], screen, { 4: 'end' });
  const [head = '', ...lines] = heads;
  return [
    head,
    ...lines.flatMap((line, at) => {
      const field = fields[at];
      return field === undefined ? [line] : [line, ...valueLines(field, screen)];
    }),
  ];
}

/** Values are shown where they say more than the verdict. */
function valueLines(field: Field, screen: Screen): readonly string[] {
  const { verdict, wanted, present, pushed, adds, removes } = field;
  const isPlain = verdict !== null && ['same', 'off', 'unset', 'nothing'].includes(verdict);
  const shown: readonly (readonly [string, FieldValue | null])[] = isPlain
    ? [['Plex', present]]
    : [
        ['Stash', wanted],
        ['Plex', present],
        ['pushed', pushed],
        ['adds', adds.length > 0 ? adds : null],
        ['removes', removes.length > 0 ? removes : null],
      ];
  return shown.flatMap(([name, value]) => {
    if (value === null || (value.length === 0 && (isPlain || verdict === null))) return [];
    return [cut(`    ${name.padEnd(8)} ${valueText(value)}`, widthIn(screen))];
  });
}

type FieldValue = string | readonly string[];

function historyLines({ history }: SceneViewAnswer, screen: Screen): readonly string[] {
  const { total, changes } = history;
  if (total === 0) return ['PlexSync has changed nothing of it in Plex, as far as is known.'];
  const cells = changes.map((change) => [clockTime(change.at), ...changeCells(change)]);
  const more = total - changes.length;
  return [
    total === 1 ? '1 change in Plex:' : `${grouped(total)} changes in Plex, the newest first:`,
    ...columns([['when', 'field', 'before', 'after', 'lock'], ...cells], screen, {
      2: 'end',
      3: 'end',
    }),
    ...(more > 0
      ? [`${grouped(more)} more: plexsync history --scene ${changes[0]?.scene ?? ''}`]
      : []),
  ];
}

function pathLine(path: string, screen: Screen): readonly string[] {
  return path === '' ? [] : [`  ${cutPath(plain(path), widthIn(screen) - 2)}`];
}

function widthIn({ width }: Screen): number {
  return width ?? Number.POSITIVE_INFINITY;
}
