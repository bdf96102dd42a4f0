// PlexSync on a scene's page: its item and how it was found, both sides of each field, what waits,
// what was changed before, and what one can do.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { faExternalLinkAlt } from '@fortawesome/free-solid-svg-icons';
import { Link } from 'react-router-dom';
import type { SceneViewAnswer } from '../../contract/sceneView.ts';
import { useAction } from '../action/useAction.tsx';
import { tabPath } from '../api/urls.ts';
import { useOperation } from '../live/useOperation.ts';
import { lookAgain } from '../live/statusStore.ts';
import { useLiveStatus } from '../live/useStatus.ts';
import { Icon } from '../parts/Icon.tsx';
import { Shown, TroubleBox } from '../parts/Shown.tsx';
import { Empty, Time } from '../parts/small.tsx';
import { FieldChange } from '../tabs/history/FieldChange.tsx';
import { sceneTexts } from '../texts/scene.ts';
import { Chooser } from './Chooser.tsx';
import { Fields } from './Fields.tsx';
import { Item } from './Item.tsx';
import { Waiting } from './Waiting.tsx';

/** Looking at both sides costs Plex and Stash a request each. */
const everyMs = 5_000;

export function SceneTab({ scene }: { readonly scene: number }): JSX.Element {
  const seen = useLiveStatus();
  const view = useOperation('scene', { scene }, { live: everyMs });
  return (
    <div className="plexsync plexsync-scene-tab">
      {seen.trouble !== null && view.trouble === null && (
        <TroubleBox trouble={seen.trouble} at={seen.at} onTry={lookAgain} />
      )}
      <Shown of={view}>{(known) => <Known view={known} reload={view.reload} />}</Shown>
    </div>
  );
}

interface Props {
  readonly view: SceneViewAnswer;
  readonly reload: () => void;
}

function Known({ view, reload }: Props): JSX.Element {
  const acting = useAction();
  const [isChoosing, setChoosing] = useState(false);
  const { sentence, scene, item, fields } = view;
  const { act, busy } = acting;
  const done = (): void => {
    setChoosing(false);
    reload();
  };
  return (
    <>
      <p className="plexsync-sentence">{sentence}</p>
      <div className="plexsync-toolbar">
        <Button
          size="sm"
          disabled={busy || item.pin?.kind === 'never'}
          onClick={() => act({ name: 'sync', args: { scene: scene.id }, done })}
        >
          {sceneTexts.sync}
        </Button>
        {item.link !== null && (
          <a
            className="btn btn-secondary btn-sm"
            href={item.link}
            target="_blank"
            rel="noopener noreferrer"
          >
            {sceneTexts.open} <Icon icon={faExternalLinkAlt} />
          </a>
        )}
        <Button
          size="sm"
          variant="secondary"
          aria-expanded={isChoosing}
          onClick={() => setChoosing(!isChoosing)}
        >
          {sceneTexts.another}
        </Button>
        <Button size="sm" variant="secondary" disabled={busy} onClick={reload}>
          {sceneTexts.refresh}
        </Button>
      </div>
      {isChoosing && <Chooser view={view} acting={acting} done={done} />}
      <Item view={view} acting={acting} done={done} />
      <Waiting view={view} acting={acting} done={done} />
      {fields.length > 0 && <Fields view={view} />}
      <History view={view} />
      {acting.dialog}
    </>
  );
}

function History({ view: { scene, history } }: { readonly view: SceneViewAnswer }): JSX.Element {
  const { changes, total } = history;
  return (
    <section>
      <h2 className="h5">{sceneTexts.historyTitle}</h2>
      {changes.length === 0 && <Empty>{sceneTexts.noHistory}</Empty>}
      <ul className="plexsync-change-list">
        {changes.map((change, index) => (
          <React.Fragment key={`${change.field} ${change.at} ${change.run}`}>
            {changes[index - 1]?.run !== change.run && (
              <li className="small text-muted">
                <Time at={change.at} />
              </li>
            )}
            <FieldChange change={change} />
          </React.Fragment>
        ))}
      </ul>
      {total > changes.length && (
        <Link to={`${tabPath('history')}?scene=${scene.id}`}>{sceneTexts.allHistory}</Link>
      )}
    </section>
  );
}
