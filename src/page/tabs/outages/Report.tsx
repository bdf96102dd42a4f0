// What the known outages come to.
import React from 'react';
import type { OutagesAnswer } from '../../../contract/outages.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { useNow } from '../../live/useNow.ts';
import { outagesTexts } from '../../texts/outages.ts';

const { figures: names } = outagesTexts;

export function Report({ answer }: { readonly answer: OutagesAnswer }): JSX.Element {
  const now = useNow();
  const { availability, longestMs, totalMs, meanMs, since } = answer;
  const figures: readonly (readonly [string, string])[] = [
    ...(availability === null || since === null
      ? []
      : [
          [
            `${names.availability} ${outagesTexts.since(duration(now - since))}`,
            percent(availability),
          ] as const,
        ]),
    [names.total, duration(totalMs)],
    [names.longest, duration(longestMs)],
    ...(meanMs === null ? [] : [[names.mean, duration(meanMs)] as const]),
  ];
  return (
    <section className="card plexsync-card" aria-label={outagesTexts.report}>
      <dl className="plexsync-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Rounded down: 100 % is said only where there was none. */
function percent(share: number): string {
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}
