// What a given-up change is about, and what was said when it failed last.
import React from 'react';
import { Link } from 'react-router-dom';
import type { DeadLettersAnswer } from '../../../contract/lists.ts';
import { tabPath } from '../../api/urls.ts';
import { Long } from '../../parts/Long.tsx';
import { Scene } from '../../parts/small.tsx';
import { fieldName } from '../../texts/fields.ts';
import { problemsTexts } from '../../texts/problems.ts';
import { nameOf, pageOf } from './names.ts';

interface Props {
  readonly letter: DeadLettersAnswer['rows'][number];
}

export function LetterCell({ letter }: Props): JSX.Element {
  const { what, id, title, path } = letter;
  if (what === 'scene') return <Scene scene={id} title={title} path={path} />;
  return <Link to={pageOf(letter)}>{nameOf(letter)}</Link>;
}

export function LetterWords({ letter: { message, field, outage } }: Props): JSX.Element {
  return (
    <>
      <Long text={message} />
      {field !== null && (
        <span className="d-block small text-muted">{problemsTexts.field(fieldName(field))}</span>
      )}
      {outage !== null && (
        <Link className="d-block small" to={`${tabPath('outages')}?outage=${outage}`}>
          {problemsTexts.inOutage}
        </Link>
      )}
    </>
  );
}
