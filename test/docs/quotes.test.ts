// What the documents quote as PlexSync's own words is what it says. Quoted are lines that begin with
// `>`, and the code in tables below "it says" and "how it looks", the cells below "it ends with";
// `…` stands for what differs. The status sentence is made of parts, so the status is made here in every
// state; all else is looked for among the texts of the sources.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/contract/status.ts';
import { readOnlyCause } from '../../src/domain/recover/refusal.ts';
import { statusSentence } from '../../src/domain/words/statusSentence.ts';
import { statusLines } from '../../src/tasks/statusLines.ts';
import { fullStatus } from '../helpers/fullStatus.ts';
import { cellsBelow, codeIn, documents, root, textOf } from './support.ts';

const textsOf = (pattern: string): string =>
  globSync(pattern, { cwd: root }).map(textOf).join('\n');
/** Without comments. */
const sources = [
  textsOf('src/**/*.{ts,tsx}').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''),
  textsOf('plugin/*')
    .replace(/^\s*#.*$/gm, '')
    .replaceAll('\\\n', ''),
].join('\n');

const now = (fullStatus.lastPushAt ?? 0) + 3_600_000;
const calm: Status = {
  ...fullStatus,
  queue: { ...fullStatus.queue, spooled: 0, pending: 0, inFlight: 0, toSync: 0 },
  extras: { waiting: 0, givenUp: 0 },
  deadLetters: { count: 0, byCause: {} },
  scenes: { ...fullStatus.scenes, withoutItem: {} },
  problems: [],
};
const { queue, extras } = fullStatus;
const busy: Status = { ...calm, queue, extras, estimate: { ...calm.estimate, mostMs: 60_000 } };
const open = {
  circuit: 'open',
  since: now - 60_000,
  cause: 'Plex at x cannot be reached.',
} as const;
const away = {
  since: now - 60_000,
  cause: 'Stash did not answer.',
  code: 'stash-timeout',
  nextTryAt: now,
} as const;
const sentences = [
  fullStatus,
  calm,
  busy,
  { ...busy, workerAlive: false },
  { ...busy, paused: { since: now - 60_000, setup: false } },
  { ...busy, paused: { since: now - 60_000, setup: true } },
  { ...busy, plex: { ...busy.plex, ...open, nextProbeAt: now + 5_000 } },
  { ...busy, plex: { ...busy.plex, circuit: 'refused' as const } },
  { ...busy, plex: { ...busy.plex, circuit: 'refused' as const, cause: readOnlyCause } },
  { ...busy, problems: fullStatus.problems },
  { ...busy, stashAway: away },
  { ...calm, deadLetters: { count: 2, byCause: {} } },
  { ...calm, reconcile: { ...calm.reconcile, gapsWaiting: 3 } },
  { ...calm, missedSince: { since: now - 60_000, reason: 'PlexSync was updated' } },
  { ...calm, fullSyncNeeded: { since: now, reason: 'the data file was gone' } },
].flatMap((status) => [statusSentence(status, now), statusLines(status).join('\n')]);

/** What stands between the `…`, without the stops and brackets at its ends. */
function piecesOf(quote: string): readonly string[] {
  return quote
    .split('…')
    .map((piece) => piece.replace(/^[\s.,:;()]+|[\s.,:;()]+$/g, ''))
    .filter((piece) => piece !== '');
}

function isSaid(quote: string): boolean {
  const pieces = piecesOf(quote);
  if (pieces.every((piece) => piece.length < 4)) return false;
  const asked = new RegExp(
    pieces.map((piece) => piece.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('[^]*?'),
  );
  return (
    sentences.some((sentence) => asked.test(sentence)) ||
    pieces.every((piece) => sources.includes(piece))
  );
}

function quotesOf(text: string): readonly string[] {
  const prose = text.replace(/^```[^]*?^```$/gm, '');
  const lines = [...prose.matchAll(/(?:^> .*\n?)+/gm)].map(([block]) =>
    block.replace(/^> /gm, '').replace(/\s+/g, ' ').trim(),
  );
  return [
    ...lines,
    ...cellsBelow(text, 'it says').flatMap(codeIn),
    ...cellsBelow(text, 'how it looks').flatMap(codeIn),
    ...cellsBelow(text, 'it ends with'),
  ];
}

describe('what the documents quote', () => {
  const quoting = documents.filter((path) => quotesOf(textOf(path)).length > 0);

  it('is in the pages that people read in trouble', () => {
    const pages = ['moving', 'outages', 'setup', 'tasks', 'troubleshooting'];
    expect(quoting).toEqual(
      expect.arrayContaining(pages.map((name) => join('docs', `${name}.md`))),
    );
  });

  it.each(quoting)('%s: is what PlexSync says', (path) => {
    expect(quotesOf(textOf(path)).filter((quote) => !isSaid(quote))).toEqual([]);
  });

  it('stands by symptom, each of them in the list at the beginning', () => {
    const [list = '', ...sections] = textOf('docs/troubleshooting.md').split('\n## ');
    const symptoms = sections.map((section) => section.split('\n')[0] ?? '');
    const listed = [...list.matchAll(/\[([^\]]+)\]\(#/g)].map(([, name = '']) => name);
    expect(listed.toSorted()).toEqual(symptoms.slice(1).toSorted());
  });

  it('would be found wanting if it were not', () => {
    expect(isSaid('Plex has been away for … and all is lost')).toBe(false);
    expect(isSaid('…')).toBe(false);
  });
});
