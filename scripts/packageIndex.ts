// The entry of a plugin source: what Stash reads to offer, check, install and update a package
// (stashapp/stash pkg/pkg/pkg.go, RemotePackage).
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parse, stringify } from 'yaml';

const manifestSchema = v.object({
  name: v.string(),
  description: v.string(),
  version: v.string(),
});

/** Name of the zip, beside the index. */
export const zipName = 'plex-sync.zip';

/**
 * @param manifest text of plex-sync.yml
 * @param version what the program says of itself
 * @param date of this version: Stash offers an update where it is later than that of what is installed
 * @throws Error if manifest and program disagree about the version
 */
export function indexOf(manifest: string, version: string, zip: Uint8Array, date: Date): string {
  const described = v.parse(manifestSchema, parse(manifest));
  if (described.version !== version) {
    throw new Error(`plex-sync.yml is of version ${described.version}, package.json of ${version}`);
  }
  const entry = {
    id: 'plex-sync',
    name: described.name,
    metadata: { description: described.description },
    version,
    date: stashTime(date),
    requires: [],
    path: zipName,
    sha256: createHash('sha256').update(zip).digest('hex'),
  };
  return stringify([entry], { lineWidth: 0 });
}

/** `2006-01-02 15:04:05`, UTC. */
function stashTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
