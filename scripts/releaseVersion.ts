// `npm run release-version`: the next version by the changesets, in package.json, in the lock file, in the
// manifest, and as a heading of the change log. Nothing is committed or tagged.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { manifestOf, releasedLog } from './versionTexts.ts';

const root = join(import.meta.dirname, '..');
const run = (...command: readonly [string, ...string[]]): void => {
  const [program, ...args] = command;
  execFileSync(program, args, { cwd: root, stdio: 'inherit' });
};
const rewrite = (name: string, change: (text: string) => string): void => {
  const path = join(root, name);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

run('npx', 'changeset', 'version');
const { version } = v.parse(
  v.object({ version: v.string() }),
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
);
run('npm', 'install', '--package-lock-only', '--no-audit', '--no-fund');
rewrite('plugin/plex-sync.yml', (text) => manifestOf(text, version));
rewrite('CHANGELOG.md', (text) => releasedLog(text, version, new Date()));
process.stdout.write(`Version ${version}. Look it over, commit it, and tag it v${version}.\n`);
