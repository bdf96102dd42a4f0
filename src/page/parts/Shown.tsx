// Data that is asked for, in each of its states: not there yet, there, there but old, not to be had.
import React from 'react';
import { Alert, Button, Spinner } from 'react-bootstrap';
import { duration } from '../../domain/base/durationWords.ts';
import type { Loaded } from '../live/useOperation.ts';
import { useNow } from '../live/useNow.ts';
import { useWaiting } from '../live/useWaiting.ts';
import type { Trouble } from '../operation/trouble.ts';
import { waitTexts } from '../texts/call.ts';
import { NodeCard } from './NodeCard.tsx';

interface Props<T> {
  readonly of: Loaded<T>;
  readonly children: (data: T) => React.ReactNode;
}

/** Shows trouble above what is known, and calls `children` with that once there is something. */
export function Shown<T>({
  of: { data, at, trouble, busy, reload },
  children,
}: Props<T>): JSX.Element {
  return (
    <div className="plexsync-shown" aria-busy={busy}>
      <Working busy={busy} />
      {trouble !== null && (
        <TroubleBox trouble={trouble} at={data === null ? null : at} onTry={reload} />
      )}
      {data === null ? !busy || <div className="plexsync-blank" /> : children(data)}
    </div>
  );
}

interface TroubleProps {
  readonly trouble: Trouble;
  /** Of the data that is still shown; null where there is none. */
  readonly at: number | null;
  readonly onTry: () => void;
}

export function TroubleBox({ trouble, at, onTry }: TroubleProps): JSX.Element {
  const now = useNow();
  if (trouble.node !== null) return <NodeCard node={trouble.node} onTry={onTry} />;
  const mustReload = trouble.kind === 'strange' || trouble.kind === 'login';
  return (
    <Alert variant="warning" className="plexsync-trouble">
      <span>
        {trouble.words} {trouble.wayOut} {at !== null && waitTexts.old(duration(now - at))}
      </span>
      {mustReload ? (
        <Button size="sm" onClick={() => window.location.reload()}>
          {waitTexts.reload}
        </Button>
      ) : (
        <Button size="sm" onClick={onTry}>
          {waitTexts.tryAgain}
        </Button>
      )}
    </Alert>
  );
}

/** Takes no room: nothing jumps when it comes and goes. */
export function Working({ busy }: { readonly busy: boolean }): JSX.Element {
  const waiting = useWaiting(busy);
  return (
    <div className="plexsync-working">
      {waiting !== 'no' && (
        <>
          <Spinner animation="border" size="sm" role="presentation" />
          <span className={waiting === 'words' ? 'ml-2' : 'sr-only'}>
            {waiting === 'words' ? waitTexts.slow : waitTexts.quiet}
          </span>
        </>
      )}
    </div>
  );
}
