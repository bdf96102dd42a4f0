// What of the scene is still to be pushed, and what was given up.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Time } from '../parts/small.tsx';
import { fieldName } from '../texts/fields.ts';
import { sourceWords } from '../texts/queue.ts';
import { sceneTexts } from '../texts/scene.ts';
import type { SceneProps } from './Item.tsx';

export function Waiting({ view, acting, done }: SceneProps): JSX.Element | null {
  const { waiting, deadLetter, extras } = view.queue;
  const retry = { list: 'dead-letters', keys: [`scene:${view.scene.id}`] };
  if (waiting === null && deadLetter === null && extras.length === 0) return null;
  return (
    <section>
      {waiting !== null && (
        <p>
          {waiting.inFlight ? sceneTexts.inFlight : sceneTexts.waits(sourceWords(waiting.source))}{' '}
          {waiting.cause !== null && `${waiting.cause.meaning} ${waiting.cause.wayOut} `}
          {!waiting.inFlight && view.held !== null && sceneTexts.held[view.held]}
          {!waiting.inFlight &&
            view.held === null &&
            waiting.dueAt !== null &&
            waiting.attempts > 0 && (
              <>
                {sceneTexts.next} <Time at={waiting.dueAt} />.
              </>
            )}
        </p>
      )}
      {deadLetter !== null && (
        <p>
          {sceneTexts.failed} {deadLetter.meaning} {deadLetter.message} {deadLetter.wayOut}{' '}
          <Button
            size="sm"
            disabled={acting.busy}
            onClick={() => acting.act({ name: 'retry', args: retry, done })}
          >
            {sceneTexts.retry}
          </Button>
        </p>
      )}
      {extras.map(({ kind, dueAt, error }) => (
        <p key={kind}>
          {dueAt === null
            ? sceneTexts.extraFailed(fieldName(kind))
            : sceneTexts.extraWaits(fieldName(kind))}{' '}
          {dueAt !== null && view.held !== null && `${sceneTexts.held[view.held]} `}
          {error !== null && `${error.meaning} ${error.wayOut}`}
        </p>
      ))}
    </section>
  );
}
