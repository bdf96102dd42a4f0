// What the documents name is there: commands, files, links, headings. And what a reader must be
// told is told.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeIn, documents, root, textOf } from './support.ts';

const { scripts } = v.parse(
  v.object({ scripts: v.record(v.string(), v.string()) }),
  JSON.parse(textOf('package.json')),
);

/** Folders of the repository, so that `src/x.ts` counts as a path in it and `spool/` does not. */
const folders = /^(src|plugin|test|docs|demo|bench|simulators|scripts|\.ci)\//;
const rootFiles =
  /^(package\.json|tsconfig\.json|biome\.json|\.oxlintrc\.json|vitest\.config\.ts)$/;

describe.each(documents)('%s', (path) => {
  const text = textOf(path);

  it('names no file or folder that does not exist', () => {
    const named = codeIn(text).filter((code) => folders.test(code) || rootFiles.test(code));
    expect(named.filter((code) => !existsSync(join(root, code)))).toEqual([]);
  });

  it('has no link into nowhere', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', heading] = target.split('#');
        const full = file === '' ? path : normalize(join(dirname(path), file));
        if (!existsSync(join(root, full))) return true;
        return heading !== undefined && !anchorsOf(textOf(full)).has(heading);
      });
    expect(broken).toEqual([]);
  });

  it('names no npm command that does not exist', () => {
    const commands = [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test)\b)/g)];
    const unknown = commands.map(([, name, test]) => name ?? test ?? '');
    expect(unknown.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names no folder of anybody’s own machine', () => {
    expect(text).not.toMatch(/(?<![\w.~>-])\/(home|work|root|tmp|Users)\//);
    expect(text).not.toContain('../shared');
  });
});

/** As Markdown renderers make them: lower case, no punctuation, hyphens for blanks. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the README', () => {
  const readme = textOf('README.md').replace(/\s+/g, ' ');

  it('shows in one line each how to try it and how to test it', () => {
    const lines = textOf('README.md').split('\n');
    expect(lines).toContain('npm ci && npm run demo');
    expect(lines).toContain('npm ci && npm test');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('leads to every page: itself or by the list of them', () => {
    const linked = (path: string): readonly string[] =>
      [...textOf(path).matchAll(/\]\(([\w./-]+\.md)/g)].map(([, target = '']) =>
        normalize(join(dirname(path), target)),
      );
    const pages = documents.filter((path) => dirname(path) === 'docs');
    const others = pages.filter((path) => path !== join('docs', 'README.md'));
    expect(linked('README.md')).toEqual(expect.arrayContaining(pages));
    expect(linked('docs/README.md').toSorted()).toEqual(others.toSorted());
  });

  it('says that Plex was a simulated one', () => {
    expect(readme).toContain('a *simulated* Plex');
    expect(readme).toContain('PlexSync has not been run with a Plex Media Server yet.');
    for (const path of documents) expect(textOf(path)).not.toMatch(/(?<!not "|")tested with Plex/i);
  });
});

describe('the page about what is written', () => {
  it('warns of what happens to locked fields after the data file was lost', () => {
    const page = textOf('docs/what-it-writes.md').replace(/\s+/g, ' ');
    const caveat = /a locked field that differs from Stash then counts as a person's and is kept/;
    expect(page).toMatch(/\*\*If the data file is lost\*\*/);
    expect(page).toMatch(caveat);
    expect(textOf('docs/architecture.md').replace(/\s+/g, ' ')).toMatch(caveat);
  });
});
