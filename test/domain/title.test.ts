// How a scene is called in Plex.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, templateNames } from '../../src/contract/template.ts';
import { renderTemplate, shownTitle } from '../../src/domain/mirror/title.ts';
import { fileAt } from './sceneKit.ts';

const none = { title: '', studio: '', date: '', performers: '', code: '' };
const rendered = (template: string, values: Partial<typeof none>): string =>
  renderTemplate(parseTemplate(template).template, { ...none, ...values });

describe('the name of a scene without a title', () => {
  it.each([
    ['/data/A night.mp4', 'A night'],
    ['/data/folder.d/clip', 'clip'],
    ['/data/Vol. 2.part 1.mkv', 'Vol. 2.part 1'],
    ['C:\\clips\\Day.wmv', 'Day'],
    ['\\\\nas\\clips\\Day.wmv', 'Day'],
    ['/data/back\\slash.mp4', 'back\\slash'],
    ['/data/.mp4', '.mp4'],
    ['/data/Mr. Long ending', 'Mr. Long ending'],
  ])('is that of its file: %s', (path, name) => {
    expect(shownTitle({ title: null, files: fileAt(path) })).toBe(name);
    expect(shownTitle({ title: '  ', files: fileAt(path) })).toBe(name);
  });

  it('is that of the primary file, and nothing without a file', () => {
    const files = [...fileAt('/data/first.mp4'), ...fileAt('/data/second.mp4')];
    expect(shownTitle({ title: null, files })).toBe('first');
    expect(shownTitle({ title: null, files: [] })).toBe('');
  });
});

describe('a title by a template', () => {
  it.each<[string, Partial<typeof none>, string]>([
    ['{studio} - {title}', { studio: 'S', title: 'T' }, 'S - T'],
    ['{studio} - {title}', { title: 'T' }, 'T'],
    ['{title} - {studio}', { title: 'T' }, 'T'],
    ['{studio} - {date} - {title}', { studio: 'S', title: 'T' }, 'S - T'],
    ['{studio} - {date} - {title}', { date: '2020', title: 'T' }, '2020 - T'],
    ['{title} ({date})', { title: 'T', date: '2020' }, 'T (2020)'],
    ['{title} ({date})', { title: 'T' }, 'T'],
    ['{title} ({date}), {code}', { title: 'T', code: 'C' }, 'T, C'],
    ['{title} [{studio}, {date}]', { title: 'T', date: '2020' }, 'T [2020]'],
    ['{title} [{studio}, {date}]', { title: 'T', studio: 'S' }, 'T [S]'],
    ['{title} [{studio} ({date})]', { title: 'T', studio: 'S' }, 'T [S]'],
    ['{title} [{studio} ({date})]', { title: 'T' }, 'T'],
    ['[{code}] {title}', { title: 'T', code: 'C' }, '[C] T'],
    ['[{code}] {title}', { title: 'T' }, 'T'],
    ['No. {code}: {title}', { title: 'T', code: '7' }, 'No. 7: T'],
    ['No. {code}: {title}', { title: 'T' }, 'T'],
    ['Film: {title}', { title: 'T' }, 'Film: T'],
    ['{title} with {performers} again', { title: 'T', performers: 'P' }, 'T with P again'],
    ['{title} with {performers} again', { title: 'T' }, 'T'],
    ['{title} (HD)', { title: 'T' }, 'T (HD)'],
    ['{title} :)', { title: 'T' }, 'T :)'],
    ['{studio} ( {title}', { title: 'T', studio: 'S' }, 'S ( T'],
    ['{ Title }', { title: 'T' }, 'T'],
    ['{title}', { title: 'has {studio} in it', studio: 'S' }, 'has {studio} in it'],
    ['({code}) x', {}, ''],
  ])('%s with %j is "%s"', (template, values, title) => {
    expect(rendered(template, values)).toBe(title);
  });

  it('never shows that something is missing: no empty brackets, nothing doubled at its ends', () => {
    const separators = fc.constantFrom(' - ', ', ', ': ', ' ');
    const piece = fc
      .tuple(fc.constantFrom(...templateNames), fc.constantFrom('', '()', '[]'))
      .map(([name, [open = '', close = '']]) => `${open}{${name}}${close}`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(separators, piece), { minLength: 1, maxLength: 6 }),
        fc.subarray([...templateNames]),
        (parts, filled) => {
          const template = parts.map(([separator, one], at) => (at === 0 ? '' : separator) + one);
          const values = Object.fromEntries(filled.map((name) => [name, name.slice(0, 1)]));
          const title = rendered(template.join(''), values);
          expect(title).not.toMatch(/\(\)|\[\]|[-,:]\s*[-,:]|^[\s\-,:]|[\s\-,:]$/);
          const there = parts.filter(([, one]) => filled.some((name) => one.includes(name)));
          expect(title === '').toBe(there.length === 0);
        },
      ),
      { numRuns: 500, seed: 81 },
    );
  });
});
