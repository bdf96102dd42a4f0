// What PlexSync changed in Plex last.
import React from 'react';
import { Link } from 'react-router-dom';
import { useOperation } from '../../live/useOperation.ts';
import { Shown } from '../../parts/Shown.tsx';
import { Empty, Scene, Time } from '../../parts/small.tsx';
import { tabPath } from '../../api/urls.ts';
import { fieldName } from '../../texts/fields.ts';
import { overviewTexts } from '../../texts/overview.ts';
import { pushesOf } from './newest.ts';

const shown = 6;
/** A push changes several fields. */
const asked = 60;
const everyMs = 10_000;

/** @param moment another word: work has begun or ended */
export function Newest({ moment }: { readonly moment: string }): JSX.Element {
  const history = useOperation('history', { limit: asked }, { live: everyMs, moment });
  return (
    <section className="plexsync-newest">
      <h2 className="h5">{overviewTexts.newestTitle}</h2>
      <Shown of={history}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Empty>{overviewTexts.newestEmpty}</Empty>
          ) : (
            <>
              <ul className="plexsync-list">
                {pushesOf(changes, shown).map(({ key, scene, title, fields, at }) => (
                  <li key={key}>
                    <Scene scene={scene} title={title} />
                    <span className="plexsync-fields">{fields.map(fieldName).join(', ')}</span>
                    <span className="text-muted plexsync-when">
                      <Time at={at} />
                    </span>
                  </li>
                ))}
              </ul>
              <Link to={tabPath('history')}>{overviewTexts.allHistory}</Link>
            </>
          )
        }
      </Shown>
    </section>
  );
}
