// What failed for one cause: its meaning, the way out, what can be done to all of it, and its rows.
import React from 'react';
import { Button } from 'react-bootstrap';
import { causeOf } from '../../../contract/causes.ts';
import { number } from '../../format/words.ts';
import { problemsTexts } from '../../texts/problems.ts';

interface Props {
  readonly code: string;
  /** "3 changes" */
  readonly things: string;
  /** Of all that failed for it; null where only some of them are looked for. */
  readonly count: number | null;
  /** Shows only these; null where all of them are shown. */
  readonly onShow: (() => void) | null;
  readonly busy: boolean;
  readonly onRetry: () => void;
  /** null while none of them is shown: it asks with two of them by name. */
  readonly onRemove: (() => void) | null;
  readonly children: React.ReactNode;
}

export function CauseGroup(props: Props): JSX.Element {
  const { code, things, count, onShow, busy, onRetry, onRemove, children } = props;
  const { meaning, wayOut } = causeOf(code);
  // Its own row has the buttons.
  const isOneShown = count === 1 && onShow === null;
  return (
    <section className="card plexsync-card plexsync-group" aria-label={meaning}>
      <div className="plexsync-group-head">
        <div className="plexsync-group-words">
          <h3 className="h6 font-weight-bold">
            {count === null ? meaning : problemsTexts.groupTitle(things, meaning)}
          </h3>
          <p>{wayOut}</p>
        </div>
        {count !== null && count > 0 && !isOneShown && (
          <div className="plexsync-actions">
            {onShow !== null && (
              <Button size="sm" variant="secondary" onClick={onShow}>
                {count === 1 ? problemsTexts.showOne : problemsTexts.showAll(number(count))}
              </Button>
            )}
            <Button size="sm" disabled={busy} onClick={onRetry}>
              {problemsTexts.retryAll(number(count))}
            </Button>
            {onRemove !== null && (
              <Button size="sm" variant="danger" disabled={busy} onClick={onRemove}>
                {problemsTexts.removeAll(number(count))}
              </Button>
            )}
          </div>
        )}
      </div>
      {children}
    </section>
  );
}
