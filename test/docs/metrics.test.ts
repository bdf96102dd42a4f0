// The page about metrics names what there is, with its type and labels: no more, no less.
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/domain/words/metrics.ts';
import { fullStatus } from '../helpers/fullStatus.ts';
import { codeIn, rowsOf, textOf } from './support.ts';

describe('the page about metrics', () => {
  it('[1.2 OBS-02] has a line for each metric', () => {
    const documented = rowsOf(textOf('docs/metrics.md'), /^`plexsync_\w+`$/).map(
      ([name = '', type, labels = '']) => [codeIn(name)[0], type, codeIn(labels)],
    );
    const made = metricsOf(fullStatus, fullStatus.lastPushAt ?? 0).map(
      ({ name, type, samples }) => [
        `plexsync_${name}`,
        type,
        Object.keys(samples[0]?.labels ?? {}),
      ],
    );
    expect(documented).toEqual(made);
  });
});
