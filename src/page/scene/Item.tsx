// Which item of Plex's is the scene's, how that is known, and, where it has none, why and what there is
// to choose from.
import React from 'react';
import { Button } from 'react-bootstrap';
import type { SceneViewAnswer } from '../../contract/sceneView.ts';
import type { Acting } from '../action/useAction.tsx';
import { Path, Time } from '../parts/small.tsx';
import { sceneTexts } from '../texts/scene.ts';
import { Candidates } from './Candidates.tsx';

export interface SceneProps {
  readonly view: SceneViewAnswer;
  readonly acting: Acting;
  readonly done: () => void;
}

export function Item({ view, acting, done }: SceneProps): JSX.Element {
  const { item, scene } = view;
  const { none } = item;
  return (
    <section className="plexsync-item">
      {none === null ? (
        <Matched item={item} />
      ) : (
        <>
          <p>
            {none.words === null ? none.meaning : none.words} {none.wayOut}{' '}
            {none.lookedAt !== null && (
              <span className="text-muted">
                {sceneTexts.lookedAt} <Time at={none.lookedAt} />.
              </span>
            )}
          </p>
          <Candidates
            label={sceneTexts.candidates}
            candidates={none.candidates}
            scene={scene.id}
            acting={acting}
            done={done}
          />
        </>
      )}
      <Choice view={view} acting={acting} done={done} />
    </section>
  );
}

function Matched({ item }: { readonly item: SceneViewAnswer['item'] }): JSX.Element {
  const { state, title, library, match, file, verified } = item;
  if (item.item === null) return <p>{sceneTexts.unknown}</p>;
  const name = title === null || title === '' ? sceneTexts.untitled(item.item) : `“${title}”`;
  const score = match?.score ?? null;
  return (
    <p>
      {state === 'would-match' ? sceneTexts.would : sceneTexts.has} <strong>{name}</strong>
      {library !== null && sceneTexts.within(library)}
      {match === null ? '.' : sceneTexts.how(match.why, score === null ? '' : String(score))}
      {!verified && state === 'has' && (
        <span className="text-muted"> {sceneTexts.notVerified}</span>
      )}
      {file !== null && (
        <span className="d-block small text-muted">
          {sceneTexts.fileInPlex} <Path path={file} />
        </span>
      )}
    </p>
  );
}

/** What a person, or a link that an older tool left, has said about it. */
function Choice({ view: { item, scene }, acting, done }: SceneProps): JSX.Element | null {
  const { pin } = item;
  if (pin === null) return null;
  const words =
    pin.kind === 'never'
      ? sceneTexts.excluded
      : pin.source === 'url'
        ? sceneTexts.linked
        : sceneTexts.chosen;
  return (
    <p>
      {words}{' '}
      <Button
        size="sm"
        variant="secondary"
        disabled={acting.busy}
        onClick={() => acting.act({ name: 'unpin', args: { scene: scene.id }, done })}
      >
        {sceneTexts.takeBack}
      </Button>
    </p>
  );
}
