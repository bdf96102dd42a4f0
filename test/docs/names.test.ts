// What the documents set in italics is the name of something that a person clicks or looks for: on
// PlexSync's page, among its tasks and settings, in Stash or in Plex.
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as v from 'valibot';
import { parse } from 'yaml';
import { plexNames, stashNames, stashTabs } from './foreignNames.ts';
import { root, textOf } from './support.ts';

const manifest = v.parse(
  v.object({
    tasks: v.array(v.object({ name: v.string() })),
    settings: v.record(v.string(), v.object({ displayName: v.string() })),
  }),
  parse(textOf('plugin/plex-sync.yml')),
);
const known = new Set([
  ...manifest.tasks.map(({ name }) => name),
  // Variants of one task, where that is named already.
  ...manifest.tasks.flatMap(({ name }) => / \((.+)\)$/.exec(name)?.[1] ?? []),
  ...Object.values(manifest.settings).map(({ displayName }) => displayName),
  ...Object.values(stashNames).flat(),
  ...stashTabs,
  ...plexNames,
  'Settings',
  // Stash's, beside a plugin that is switched off.
  'Enable',
]);
const pageTexts = globSync('src/page/texts/*.ts', { cwd: root }).map(textOf).join('\n');
/** A value of a setting, and a word that is stressed. */
const words = ['conservative', 'daily', 'simulated'];

function isName(name: string): boolean {
  if (known.has(name) || words.includes(name)) return true;
  const pieces = name.split('…').map((piece) => piece.trim());
  return pieces.every((piece) => piece === '' || pageTexts.includes(piece));
}

const pages = ['setup', 'tasks', 'outages', 'troubleshooting', 'page', 'leaving'].map(
  (name) => `docs/${name}.md`,
);

it.each(['README.md', ...pages])('%s: what is in italics is a name that a person finds', (path) => {
  const prose = textOf(path)
    .replace(/^```[^]*?^```$/gm, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\s+/g, ' ');
  const names = [...prose.matchAll(/(?<![*\w])\*([^*]+)\*(?![*\w])/g)].flatMap(([, text = '']) =>
    text.split(' > '),
  );
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !isName(name))).toEqual([]);
});
