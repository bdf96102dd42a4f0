// The tab Outages: how Plex is now, what its outages come to, and each of the last 30.
import React from 'react';
import { useOperation } from '../../live/useOperation.ts';
import { Shown } from '../../parts/Shown.tsx';
import { Empty } from '../../parts/small.tsx';
import { outagesTexts } from '../../texts/outages.ts';
import { OutageTable } from './OutageTable.tsx';
import { PresentCard } from './PresentCard.tsx';
import { Report } from './Report.tsx';
import { Strip } from './Strip.tsx';

export function Outages(): JSX.Element {
  const outages = useOperation('outages', {}, { live: true });
  return (
    <Shown of={outages}>
      {(answer) => (
        <>
          <PresentCard now={answer.now} />
          {answer.outages.length === 0 ? (
            <Empty>
              <strong>{outagesTexts.emptyTitle}</strong> {outagesTexts.empty}
            </Empty>
          ) : (
            <>
              <Report answer={answer} />
              <h2 className="h5">{outagesTexts.timeline}</h2>
              <Strip answer={answer} />
              <OutageTable outages={answer.outages} />
            </>
          )}
        </>
      )}
    </Shown>
  );
}
