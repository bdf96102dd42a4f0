// What the release is made of: workflows that name what there is, and texts that a version changes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { manifestOf, releasedLog } from '../../scripts/versionTexts.ts';

const root = join(import.meta.dirname, '..', '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const { scripts, version } = v.parse(
  v.object({ scripts: v.record(v.string(), v.string()), version: v.string() }),
  JSON.parse(textOf('package.json')),
);

describe.each(['.github/workflows/test.yml', '.github/workflows/release.yml'])('%s', (path) => {
  const text = textOf(path);

  it('is YAML, and names commands, tests and workflows that there are', () => {
    expect(yaml.parse(text)).toHaveProperty('jobs');
    const commands = [...text.matchAll(/npm (?:run (?:--silent )?([\w-]+)|(test)\b)/g)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [, name, test] of commands) expect(scripts).toHaveProperty(name ?? test ?? '');
    for (const [, named = ''] of text.matchAll(/(?<![\w/])((?:test|\.github)\/[\w./-]+)/g)) {
      expect([named, existsSync(join(root, named))]).toEqual([named, true]);
    }
  });
});

describe('the tests of a release', () => {
  it('run on every system with every Node that is supported', () => {
    const workflow = v.parse(
      v.object({
        jobs: v.object({
          test: v.object({
            strategy: v.object({
              matrix: v.object({ os: v.array(v.string()), node: v.array(v.string()) }),
            }),
          }),
        }),
      }),
      yaml.parse(textOf('.github/workflows/test.yml')),
    );
    expect(workflow.jobs.test.strategy.matrix).toEqual({
      os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: ['22', '24', '26'],
    });
  });
});

describe('the publishing of a release', () => {
  it('is the one job that may write, and runs nothing that npm brought', () => {
    const job = v.object({
      permissions: v.optional(v.record(v.string(), v.string()), {}),
      steps: v.optional(
        v.array(v.object({ run: v.optional(v.string(), ''), uses: v.optional(v.string(), '') })),
        [],
      ),
    });
    const { jobs, permissions } = v.parse(
      v.object({
        jobs: v.record(v.string(), job),
        permissions: v.object({ contents: v.literal('read') }),
      }),
      yaml.parse(textOf('.github/workflows/release.yml')),
    );
    expect(Object.keys(permissions)).toEqual(['contents']);
    const writing = Object.entries(jobs).filter(([, one]) =>
      Object.values(one.permissions).includes('write'),
    );
    expect(writing.map(([name]) => name)).toEqual(['publish']);
    for (const { run, uses } of writing.flatMap(([, one]) => one.steps)) {
      expect(`${run} ${uses}`).not.toMatch(/npm|node|checkout/);
    }
  });
});

describe('a new version', () => {
  it('is the manifest’s as well as the program’s', () => {
    expect(textOf('plugin/plex-sync.yml')).toMatch(new RegExp(`^version: ${version}$`, 'm'));
    const manifest = manifestOf(textOf('plugin/plex-sync.yml'), '9.8.7');
    expect(yaml.parse(manifest)).toMatchObject({ name: 'PlexSync', version: '9.8.7' });
    expect(() => manifestOf('name: x\n', '1.0.0')).toThrow(/no version/);
  });

  it('takes what was unreleased in the change log', () => {
    const log = releasedLog(textOf('CHANGELOG.md'), '9.8.7', new Date('2026-12-24T10:00:00Z'));
    expect(log).toContain('## [Unreleased]\n\n## [9.8.7] - 2026-12-24\n');
    expect(() => releasedLog('# Changelog\n', '1.0.0', new Date(0))).toThrow(/no heading/);
  });

  it('comes of changesets that keep this package private', () => {
    expect(JSON.parse(textOf('.changeset/config.json'))).toMatchObject({
      access: 'restricted',
      changelog: false,
      privatePackages: { version: true },
    });
  });
});

describe('the compose file', () => {
  const service = v.object({
    init: v.literal(true),
    environment: v.optional(v.record(v.string(), v.string()), {}),
    volumes: v.array(v.string()),
  });
  const { services } = v.parse(
    v.object({ services: v.object({ stash: service, plex: service, plexsync: service }) }),
    yaml.parse(textOf('docker/compose.yml')),
  );

  it('gives PlexSync what watch asks for, and each container an init', () => {
    const image = textOf('docker/Dockerfile');
    const watch = textOf('src/cli/watch.ts');
    const given = [
      ...Object.keys(services.plexsync.environment),
      ...[...image.matchAll(/(PLEXSYNC_\w+)=/g)].map(([, name = '']) => name),
    ];
    expect(given.toSorted()).toEqual([
      'PLEXSYNC_DATA',
      'PLEXSYNC_SETTINGS',
      'STASH_API_KEY',
      'STASH_URL',
    ]);
    for (const name of given) expect(watch).toContain(`env['${name}']`);
    expect(image).toMatch(/^CMD \["watch"\]$/m);
  });

  it('mounts the folder with the settings, since of a file that is replaced the old one would be seen on', () => {
    expect(textOf('docker/Dockerfile')).toContain('PLEXSYNC_SETTINGS=/settings/settings.json');
    expect(services.plexsync.volumes).toContain('./plexsync:/settings:ro');
    for (const ignored of ['.gitignore', '.dockerignore']) {
      expect(textOf(ignored)).toMatch(/^docker\/plexsync\/?$/m);
    }
  });

  it('comes with settings that the manifest has', () => {
    const manifest = v.parse(
      v.object({ settings: v.record(v.string(), v.unknown()) }),
      yaml.parse(textOf('plugin/plex-sync.yml')),
    );
    const given: unknown = JSON.parse(textOf('docker/settings.example.json'));
    for (const name of Object.keys(given ?? {})) expect(manifest.settings).toHaveProperty(name);
  });
});
