// A plugin source on this machine, as a person adds it in Stash: an index and the zip that it names.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexOf, zipName } from '../../../scripts/packageIndex.ts';
import { zipOf } from '../../../scripts/pluginZip.ts';

export interface PackageSource {
  /** Address of the index. */
  readonly url: string;
  /** Offers the finished plugin as this version, of this date. */
  publish(version: string, date: Date): void;
  close(): Promise<void>;
}

/**
 * @param plugin folder of the finished plugin
 * @param root folder for copies of it
 */
export async function startPackageSource(plugin: string, root: string): Promise<PackageSource> {
  const offered = new Map<string, Buffer>();
  let modified = new Date(0);
  const server = createServer((request, response) => {
    const content = offered.get(request.url ?? '');
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    // By it Stash decides whether to read the index anew (stashapp/stash pkg/pkg/repository_http.go).
    response.writeHead(200, { 'last-modified': modified.toUTCString() });
    response.end(request.method === 'HEAD' ? undefined : content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return {
    url: `http://127.0.0.1:${address.port}/index.yml`,
    publish: (version, date) => {
      const folder = asVersion(plugin, root, version);
      const zip = zipOf(folder);
      const manifest = readFileSync(join(folder, 'plex-sync.yml'), 'utf8');
      offered.set(`/${zipName}`, Buffer.from(zip));
      offered.set('/index.yml', Buffer.from(indexOf(manifest, version, zip, date)));
      modified = date;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A copy of the plugin that calls itself another version, in the manifest and in the program. */
function asVersion(plugin: string, root: string, version: string): string {
  const folder = mkdtempSync(join(root, 'version-'));
  cpSync(plugin, folder, { recursive: true });
  const path = join(folder, 'plex-sync.yml');
  const manifest = readFileSync(path, 'utf8');
  const old = /^version: (.+)$/m.exec(manifest)?.[1] ?? '';
  writeFileSync(path, manifest.replace(`version: ${old}`, `version: ${version}`));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cjs'))) {
    const program = readFileSync(join(folder, name), 'utf8');
    if (!program.includes(`"${old}"`)) continue;
    writeFileSync(join(folder, name), program.replaceAll(`"${old}"`, `"${version}"`));
  }
  return folder;
}
