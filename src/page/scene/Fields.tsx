// Both sides of each field, side by side, and what a push would do with it. What is the same or empty
// is folded away.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { faEquals, faLock } from '@fortawesome/free-solid-svg-icons';
import type { FieldView, SceneViewAnswer } from '../../contract/sceneView.ts';
import { coverUrl } from '../api/urls.ts';
import { number } from '../format/words.ts';
import { Icon } from '../parts/Icon.tsx';
import { Long } from '../parts/Long.tsx';
import { Empty } from '../parts/small.tsx';
import { fieldName } from '../texts/fields.ts';
import { sceneTexts } from '../texts/scene.ts';

export function Fields({
  view: { fields, scene },
}: {
  readonly view: SceneViewAnswer;
}): JSX.Element {
  const [all, setAll] = useState(false);
  const telling = fields.filter(isTelling);
  const others = fields.length - telling.length;
  return (
    <section>
      <h2 className="h5">{sceneTexts.fieldsTitle}</h2>
      {telling.length === 0 && <Empty>{sceneTexts.nothingToTell}</Empty>}
      {(all || telling.length > 0) && (
        <table className="table plexsync-diff" aria-label={sceneTexts.table}>
          <thead>
            <tr>
              <th scope="col">{sceneTexts.field}</th>
              <th scope="col">{sceneTexts.stash}</th>
              <th scope="col">{sceneTexts.plex}</th>
            </tr>
          </thead>
          <tbody>
            {(all ? fields : telling).map((field) => (
              <Field key={field.field} field={field} scene={scene.id} />
            ))}
          </tbody>
        </table>
      )}
      {others > 0 && (
        <Button
          variant="link"
          className="p-0 mb-3"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? sceneTexts.fewer : sceneTexts.others(number(others))}
        </Button>
      )}
    </section>
  );
}

/** Where there is something to see: not both sides empty, and not left alone. */
function isTelling({ verdict, present }: FieldView): boolean {
  if (verdict === 'off' || verdict === 'unset' || verdict === 'nothing') return false;
  return verdict !== 'same' || (present !== null && present.length > 0);
}

function Field({
  field,
  scene,
}: {
  readonly field: FieldView;
  readonly scene: number;
}): JSX.Element {
  const { verdict, words, wanted, present, locked, adds, removes } = field;
  const isPicture = field.field === 'poster' || field.field === 'background';
  return (
    <tr className={verdict === 'write' ? 'plexsync-differs' : ''}>
      <th scope="row">
        {fieldName(field.field)}
        {locked === true && (
          <span title={sceneTexts.locked} className="text-muted">
            {' '}
            <Icon icon={faLock} />
            <span className="sr-only">{sceneTexts.locked}</span>
          </span>
        )}
      </th>
      <td>
        {field.field === 'poster' ? (
          <img className="plexsync-cover" src={coverUrl(scene)} alt={sceneTexts.picture} />
        ) : (
          <Value value={wanted} isPicture={isPicture} />
        )}
      </td>
      <td>
        {verdict === 'same' ? (
          <span className="text-muted">
            <Icon icon={faEquals} /> {sceneTexts.same}
          </span>
        ) : (
          <>
            <Value value={present} isPicture={isPicture} />
            <div className="small">
              {verdict !== null && <strong>{sceneTexts.verdicts[verdict]}. </strong>}
              {verdict !== 'write' && <span className="text-muted">{words}</span>}
            </div>
            <Tags name={sceneTexts.adds} tags={adds} />
            <Tags name={sceneTexts.removes} tags={removes} />
          </>
        )}
      </td>
    </tr>
  );
}

function Tags({ name, tags }: { name: string; tags: readonly string[] }): JSX.Element | null {
  if (tags.length === 0) return null;
  return (
    <div className="small">
      {name}: {tags.join(', ')}
    </div>
  );
}

interface ValueProps {
  readonly value: string | readonly string[] | null;
  readonly isPicture: boolean;
}

function Value({ value, isPicture }: ValueProps): JSX.Element {
  if (isPicture)
    return <>{value === null || value === '' ? sceneTexts.nothing : sceneTexts.picture}</>;
  if (value === null) return <em className="text-muted">{sceneTexts.notKnown}</em>;
  if (value.length === 0) return <em className="text-muted">{sceneTexts.nothing}</em>;
  return <Long text={typeof value === 'string' ? value : value.join(', ')} />;
}
