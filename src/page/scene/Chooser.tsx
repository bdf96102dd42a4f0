// Another item than the one that was found: those that no scene has are searched by title and path.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { useOperation } from '../live/useOperation.ts';
import { Search } from '../parts/Search.tsx';
import { Shown } from '../parts/Shown.tsx';
import { Empty } from '../parts/small.tsx';
import { sceneTexts } from '../texts/scene.ts';
import { Candidates } from './Candidates.tsx';
import type { SceneProps } from './Item.tsx';

const limit = 8;

export function Chooser({ view: { scene, item }, acting, done }: SceneProps): JSX.Element {
  const [search, setSearch] = useState(scene.title);
  const items = useOperation('coverage', { group: 'only-in-plex', search, limit });
  return (
    <section className="card plexsync-card" aria-label={sceneTexts.chooser}>
      <div className="plexsync-toolbar">
        <Search value={search} hint={sceneTexts.chooserHint} onSearch={setSearch} />
        {item.pin?.kind !== 'never' && (
          <Button
            size="sm"
            variant="secondary"
            className="plexsync-push"
            disabled={acting.busy}
            onClick={() => acting.act({ name: 'never', args: { scene: scene.id }, done })}
          >
            {sceneTexts.never}
          </Button>
        )}
      </div>
      <Shown of={items}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty>{sceneTexts.chooserNone}</Empty>
          ) : (
            <Candidates
              label={sceneTexts.chooser}
              candidates={rows.map((row) => ({
                item: row.item ?? '',
                title: row.title,
                file: row.path,
              }))}
              scene={scene.id}
              acting={acting}
              done={done}
            />
          )
        }
      </Shown>
    </section>
  );
}
