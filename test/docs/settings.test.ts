// A setting stands in three places: the manifest, the check and docs/settings.md. They must be the same
// everywhere, and every example must be one that the check takes.
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { parse } from 'yaml';
import {
  checkSettings,
  matchThresholds,
  timeoutDefaultsSeconds,
} from '../../src/contract/settings.ts';
import { policies, policyNames } from '../../src/contract/fieldPolicies.ts';
import { longestContentRating, tagLimits } from '../../src/contract/fieldSettings.ts';
import { taskSliceMinutes } from '../../src/contract/taskSettings.ts';
import { templateNames } from '../../src/contract/template.ts';
import { lingerMs } from '../../src/domain/recover/stay.ts';
import { codeIn, root, rowsOf, sectionOf, textOf } from './support.ts';

const manifestSchema = v.object({
  settings: v.record(
    v.string(),
    v.object({
      displayName: v.string(),
      description: v.string(),
      type: v.picklist(['STRING', 'NUMBER', 'BOOLEAN']),
    }),
  ),
});
const manifest = v.parse(manifestSchema, parse(textOf('plugin/plex-sync.yml')));
const names = Object.keys(manifest.settings).toSorted();

const page = textOf('docs/settings.md');
const rowName = /^`[a-z][A-Za-z]+`$/;
const bare = (cell: string): string => cell.replaceAll('`', '');
const onPage = rowsOf(page, rowName);

/** What the check looks for in the map that Stash answers. */
function namesTheCheckReads(): readonly string[] {
  const read = new Set<string>();
  const raw: Record<string, unknown> = new Proxy(
    {},
    {
      get: (_, name) => {
        if (typeof name === 'string') read.add(name);
        return undefined;
      },
    },
  );
  checkSettings(raw);
  return [...read].toSorted();
}

const switchPositions: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['off', false],
]);
const wellSet = { plexUrl: 'http://192.168.1.10:32400', plexToken: 'aB3dE5fG7hJ9kL1mN2pQ' };

describe('the settings', () => {
  it('are the same in the manifest, in the check and on their page, which says what each is for', () => {
    expect(namesTheCheckReads()).toEqual(names);
    expect(onPage.map(([name = '']) => bare(name)).toSorted()).toEqual(names);
    for (const [name, , , what = ''] of onPage) expect([name, what !== '']).toEqual([name, true]);
    const headings = [...page.matchAll(/^## `(\w+)`$/gm)].map(([, name = '']) => name);
    expect(headings.toSorted()).toEqual(names);
  });

  it('are called on their page as Stash shows them', () => {
    for (const [name = '', shown] of onPage) {
      expect([name, shown]).toEqual([name, manifest.settings[bare(name)]?.displayName]);
    }
  });

  it('have the same default on their page, in the code and in what Stash shows', () => {
    const defaults = new Map(onPage.map(([name = '', , value]) => [name, value]));
    const { connect, read, write } = timeoutDefaultsSeconds;
    const text = textOf('plugin/plex-sync.yml');
    for (const [name, seconds] of [
      ['plexConnectTimeout', connect],
      ['plexReadTimeout', read],
      ['plexWriteTimeout', write],
    ] as const) {
      expect(defaults.get(`\`${name}\``)).toBe(String(seconds));
      expect(text.slice(text.indexOf(name)).split('type:')[0]).toContain(`0: ${seconds} seconds`);
    }
    const { default: threshold, lowest, highest } = matchThresholds;
    expect(defaults.get('`matchThreshold`')).toBe(String(threshold));
    expect(manifest.settings['matchThreshold']?.description).toContain(`(${lowest} to ${highest})`);
    expect(manifest.settings['matchThreshold']?.description).toContain(`0: ${threshold}.`);
    expect(defaults.get('`tagLimit`')).toBe(String(tagLimits.default));
    expect(manifest.settings['tagLimit']?.description).toContain(
      `(${tagLimits.lowest} to ${tagLimits.highest})`,
    );
    expect(manifest.settings['tagLimit']?.description).toContain(`0: ${tagLimits.default}.`);
    expect(defaults.get('`taskSliceMinutes`')).toBe(String(taskSliceMinutes.default));
    expect(manifest.settings['taskSliceMinutes']?.description).toContain(
      `(${taskSliceMinutes.lowest} to ${taskSliceMinutes.highest}). 0: ${taskSliceMinutes.default}.`,
    );
    expect(manifest.settings['tagsAs']?.description).toContain(
      `Empty: ${defaults.get('`tagsAs`') ?? '?'}.`,
    );
    expect(manifest.settings['recoveryStrategy']?.description).toContain(
      `Empty: ${defaults.get('`recoveryStrategy`') ?? '?'}.`,
    );
    expect(manifest.settings['titleTemplate']?.description).toContain(
      `Empty: ${bare(defaults.get('`titleTemplate`') ?? '?')}.`,
    );
    expect(page).toContain(`at most ${longestContentRating} characters`);
    // Stash shows a switch that nobody touched as off.
    const switches = names.filter((name) => manifest.settings[name]?.type === 'BOOLEAN');
    expect(switches.map((name) => defaults.get(`\`${name}\``))).toEqual(switches.map(() => 'off'));
    // Those that have none must be typed, and no other.
    const check = checkSettings({});
    const missing = check.kind === 'invalid' ? check.problems.map(({ setting }) => setting) : [];
    const required = [...defaults].filter(([, value]) => value === 'none: must be typed');
    expect(required.map(([name]) => bare(name))).toEqual(missing);
  });

  it('name on their page and in Stash every field, policy and part of a title that there is', () => {
    const told = (name: string): readonly string[] => [
      sectionOf(page, `\`${name}\``),
      manifest.settings[name]?.description ?? '',
    ];
    for (const text of told('fields')) {
      for (const word of [...policies, ...policyNames]) expect(text).toContain(word);
    }
    for (const text of told('titleTemplate')) {
      for (const name of templateNames) expect(text).toContain(`{${name}}`);
    }
  });

  it.each(names)('%s: each example is one that the check takes', (name) => {
    const line = /^Examples: (.+)$/m.exec(sectionOf(page, `\`${name}\``))?.[1] ?? '';
    const examples = codeIn(line);
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      if (manifest.settings[name]?.type === 'BOOLEAN')
        expect([...switchPositions.keys()]).toContain(example);
      const value = asStored(manifest.settings[name]?.type, example);
      expect([example, checkSettings({ ...wellSet, [name]: value })]).toMatchObject([
        example,
        { kind: 'valid' },
      ]);
    }
  });
});

/** As Stash keeps what a person types or switches. */
function asStored(type: string | undefined, example: string): unknown {
  if (type === 'NUMBER') return Number(example);
  return type === 'BOOLEAN' ? switchPositions.get(example) : example;
}

describe('the environment variables', () => {
  const variable = /^`PLEXSYNC_\w+`$/;
  const listed = new Map(
    rowsOf(page, variable).map(([name = '', value = '']) => [bare(name), value]),
  );

  it('are those that the plugin reads', () => {
    const sourceOf = (pattern: string): string =>
      globSync(pattern, { cwd: root }).map(textOf).join('\n');
    const read = [
      ...sourceOf('src/**/*.ts').matchAll(/process\.env\['(PLEXSYNC_\w+)'\]/g),
      ...sourceOf('plugin/*').matchAll(/\$\{(PLEXSYNC_\w+)/g),
    ].map(([, name = '']) => name);
    expect([...listed.keys()].toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('have the defaults that the code has', () => {
    expect(listed.get('PLEXSYNC_LINGER_MS')).toBe(String(lingerMs));
    expect(textOf('plugin/supervise.sh')).toContain(
      `unit_ms=${listed.get('PLEXSYNC_PAUSE_MS') ?? '?'} ;;`,
    );
  });
});
