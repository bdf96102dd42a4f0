// The lock file knows the packages of every platform: `npm ci` refuses one that does not, and a
// registry that lacks some of them leaves them out of a lock file made with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, it } from 'vitest';

const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
    }),
  ),
});

it('the lock file has an entry for each platform’s package that a dependency names', () => {
  const path = join(import.meta.dirname, '..', '..', 'package-lock.json');
  const { packages } = v.parse(lockSchema, JSON.parse(readFileSync(path, 'utf8')));
  const missing = Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.entries(optionalDependencies).flatMap(([name, range]) => {
      const version = packages[`node_modules/${name}`]?.version;
      const isExact = /^\d/.test(range);
      return version === undefined || (isExact && version !== range) ? [`${name}@${range}`] : [];
    }),
  );
  expect(missing).toEqual([]);
});
