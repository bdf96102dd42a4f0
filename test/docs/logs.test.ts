// What is said of the logs is what they do.
import { describe, expect, it } from 'vitest';
import { lateMs, tellingEvents, tellingsAtMost } from '../../src/domain/words/telling.ts';
import { keptFiles, rotateAtBytes } from '../../src/sync/base/log.ts';
import { gatherMs, lastTryMs, longestEveryMs, usualEveryMs } from '../../src/sync/tell/telling.ts';
import { codeIn, rowsOf, textOf } from './support.ts';

const page = textOf('docs/metrics.md');
const logs = page.slice(page.indexOf('# Logs')).replaceAll(/\s+/g, ' ');

describe('[1.0 OBS-01] the page about logs', () => {
  it('has a line for each kind that Stash’s log is told', () => {
    const rows = rowsOf(page.slice(page.indexOf('# Logs')), /^`[\w-]+`$/);
    expect(rows.map(([event = '']) => codeIn(event)[0])).toEqual(tellingEvents);
  });

  it.each([
    `at ${rotateAtBytes / 1024 / 1024} MB a new file is begun, and ${keptFiles - 1} older ones are kept`,
    `What comes within ${gatherMs / 1000} seconds is told together, every ${usualEveryMs / 1000} seconds at most`,
    `up to ${tellingsAtMost} lines wait`,
    `less and less often, every ${longestEveryMs / 60_000} minutes at least`,
    `later than ${lateMs / 60_000} minutes`,
  ])('says: %s', (words) => {
    expect(logs).toContain(words);
  });

  it('and the page about the architecture, how long a worker that leaves waits for Stash', () => {
    expect(textOf('docs/architecture.md').replaceAll(/\s+/g, ' ')).toContain(
      `it waits ${lastTryMs / 1000} seconds for the answer`,
    );
  });
});
