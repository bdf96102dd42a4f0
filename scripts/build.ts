// Puts the finished plugin into dist/plex-sync/: a folder that works when copied into Stash's
// plugins folder.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildPage } from './buildPage.ts';
import { runnable } from './pluginZip.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'dist', 'plex-sync');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(root, 'plugin'), target, { recursive: true });
for (const script of runnable) chmodSync(join(target, script), 0o755);
cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));

const bundle = await rolldown({
  input: { 'plex-sync': join(root, 'src', 'cli', 'main.ts') },
  platform: 'node',
  // The program names the files that it is made of: by their place here, wherever a link leads.
  resolve: { symlinks: false, mainFields: ['module', 'main'] },
  transform: { define: { PLEXSYNC_VERSION: JSON.stringify(version) } },
});
// CommonJS: it starts a fifth faster than modules, and parts are loaded only when needed. No folders:
// Stash would leave them behind when it removes the plugin. The hash keeps an old program that still
// runs from loading a part of a new one.
await bundle.write({
  dir: target,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'lib-[name]-[hash].cjs',
  minify: false,
});
await bundle.close();

await buildPage(root, target);
