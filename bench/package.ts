// `bench package`: how much a person downloads and keeps on the disk.
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from '../scripts/pluginZip.ts';
import { builtPlugin } from './built.ts';
import { figure, loadNow, type Report, report } from './report.ts';

const largestShown = 5;

export function benchPackage(): Report {
  const load = loadNow();
  const zip = zipOf(builtPlugin);
  const files = readdirSync(builtPlugin, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => {
      const content = readFileSync(join(builtPlugin, name));
      return { name, bytes: content.length, packed: gzipSync(content, { level: 9 }).length };
    });
  const largest = files.toSorted((a, b) => b.packed - a.packed).slice(0, largestShown);
  return report(
    'package',
    load,
    {},
    [
      figure({
        name: 'size of the zip',
        value: zip.length,
        unit: 'bytes',
        target: { relation: '<=', value: 1024 ** 2 },
        kind: 'correctness',
      }),
      figure({ name: 'files', value: files.length, unit: '' }),
      figure({
        name: 'unpacked',
        value: files.reduce((sum, { bytes }) => sum + bytes, 0),
        unit: 'bytes',
      }),
    ],
    [
      'Stash gives up a download after ten seconds: hence 1 MB at most.',
      `Largest, packed: ${largest.map(({ name, packed }) => `${name} ${packed}`).join(', ')}.`,
    ],
  );
}
