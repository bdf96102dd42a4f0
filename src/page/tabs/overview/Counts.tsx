// How all scenes stand, as numbers that open the list behind them. Those that are 0 are left out.
import React from 'react';
import { Link } from 'react-router-dom';
import { coverageGroups, type CoverageGroup } from '../../../contract/coverageGroups.ts';
import { number } from '../../format/words.ts';
import { useOperation } from '../../live/useOperation.ts';
import { Empty } from '../../parts/small.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { tabPath } from '../../api/urls.ts';
import { overviewTexts } from '../../texts/overview.ts';

const everyMs = 10_000;

/** @param moment another word: the numbers above have changed as a whole */
export function Counts({ moment }: { readonly moment: string }): JSX.Element {
  const coverage = useOperation('coverage', {}, { live: everyMs, moment });
  return (
    <section className="plexsync-counts-room" aria-label={overviewTexts.countsTitle}>
      <Shown of={coverage}>
        {({ counts }) => {
          const some = coverageGroups.filter((group) => counts[group] > 0);
          if (some.length === 0) return <Empty>{overviewTexts.noCounts}</Empty>;
          return (
            <ul className="plexsync-counts">
              {some.map((group) => (
                <li key={group}>
                  <Link to={listOf(group)}>
                    <strong>{number(counts[group])}</strong> {overviewTexts.counts[group]}
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
    </section>
  );
}

/** Where something is done about it, there is more than a list. */
function listOf(group: CoverageGroup): string {
  if (group === 'failed' || group === 'review') return tabPath('problems');
  return `${tabPath('coverage')}?group=${group}`;
}
