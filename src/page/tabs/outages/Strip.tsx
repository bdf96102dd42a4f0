// The outages on a line of time: how often, how long, how close together. Kinds differ by pattern.
import React from 'react';
import type { OutagesAnswer } from '../../../contract/outages.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { counted, exact } from '../../format/words.ts';
import { useNow } from '../../live/useNow.ts';
import { outagesTexts } from '../../texts/outages.ts';
import { segments } from './strip.ts';

const kinds = ['away', 'token'] as const;

export function Strip({ answer }: { readonly answer: OutagesAnswer }): JSX.Element | null {
  const now = useNow();
  const { outages, since } = answer;
  if (since === null) return null;
  return (
    <div className="plexsync-strip-room">
      <div
        className="plexsync-strip"
        role="img"
        aria-label={outagesTexts.strip(counted(outages.length, 'outage'))}
      >
        {segments(outages, since, now).map(({ outage, left, width }) => (
          <span
            key={outage.id}
            className={`plexsync-segment plexsync-segment-${outage.kind}`}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={`${exact(outage.beganAt)}, ${duration(outage.durationMs)}: ${outage.cause}`}
          />
        ))}
      </div>
      <div className="plexsync-strip-ends small text-muted">
        <span>{exact(since)}</span>
        <span className="plexsync-strip-legend">
          {kinds
            .filter((kind) => outages.some((outage) => outage.kind === kind))
            .map((kind) => (
              <span key={kind}>
                <span className={`plexsync-swatch plexsync-segment-${kind}`} />
                {outagesTexts.legend[kind]}
              </span>
            ))}
        </span>
        <span>{outagesTexts.now}</span>
      </div>
    </div>
  );
}
