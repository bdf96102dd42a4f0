// The tab Coverage: how everything stands in numbers, each with its list; comparisons of Stash with
// Plex; and the differences that they found.
import React from 'react';
import { useOperation } from '../../live/useOperation.ts';
import { Shown } from '../../parts/Shown.tsx';
import { shellTexts } from '../../texts/shell.ts';
import { Compare } from './Compare.tsx';
import { Gaps } from './Gaps.tsx';
import { Groups } from './Groups.tsx';
import { Runs } from './Runs.tsx';
import { filterOf, pageSize } from './filter.ts';
import { useAddressState } from '../../live/useAddressState.ts';

export function Coverage(): JSX.Element {
  const coverage = useOperation('coverage', {}, { live: true });
  const [address] = useAddressState();
  const { query } = filterOf(address);
  const gaps = useOperation('gaps', { ...query, limit: pageSize }, { live: true });
  const again = (): void => {
    coverage.reload();
    gaps.reload();
  };
  return (
    <>
      <h2 className="sr-only">{shellTexts.coverage}</h2>
      <Shown of={coverage}>{(data) => <Groups counts={data.counts} at={data.indexedAt} />}</Shown>
      <Shown of={gaps}>
        {(data) => (
          <>
            <Compare runs={data.runs} known={coverage.data?.counts ?? null} onDone={again} />
            <Gaps data={data} onDone={again} />
            <Runs runs={data.runs} />
          </>
        )}
      </Shown>
    </>
  );
}
