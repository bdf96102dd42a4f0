// In place of all else where PlexSync has no Node: how far the fetch is, or why there is none and what helps.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { duration } from '../../domain/base/durationWords.ts';
import { call } from '../operation/call.ts';
import type { NoNode, NodeState } from '../operation/nodeState.ts';
import { nodeTexts } from '../texts/node.ts';
import { Progress } from './Progress.tsx';

interface Props {
  readonly node: NoNode;
  /** Asks again. */
  readonly onTry: () => void;
}

export function NodeCard({ node: { state, refused }, onTry }: Props): JSX.Element {
  const [busy, setBusy] = useState(false);
  // The launcher reads this argument: whoever presses it may have put right what was in the way.
  const fetchNow = async (): Promise<void> => {
    setBusy(true);
    await call('status', { fetchNode: true });
    setBusy(false);
    onTry();
  };
  const isStuck = state.kind === 'failed' || state.kind === 'none';
  return (
    <section className="card plexsync-card plexsync-node">
      <h2 className="h5">{nodeTexts[state.kind].title}</h2>
      <div className="sr-only" aria-live="polite">
        {nodeTexts[state.kind].title}
      </div>
      {state.kind === 'fetching' && <Fetching state={state} />}
      {state.kind === 'failed' && (
        <p>
          {state.reason}. {nodeTexts.failed.again(duration(state.minutes * 60_000))}
        </p>
      )}
      {state.kind === 'none' && (
        <p>
          {state.reason === '' ? '' : `${state.reason}. `}
          {nodeTexts.none.text}
        </p>
      )}
      {refused !== '' && <p>{nodeTexts.refused(refused)}</p>}
      {isStuck && (
        <>
          <p className="mb-1">{nodeTexts.else}</p>
          <ul>
            {[...helpOf(state.reason), nodeTexts.install, nodeTexts.variable].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <div>
            <Button size="sm" disabled={busy} onClick={() => void fetchNow()}>
              {nodeTexts.tryNow}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function helpOf(reason: string): readonly string[] {
  const [known] = nodeTexts.helps.filter(([pattern]) => pattern.test(reason));
  return known === undefined ? [] : [known[1]];
}

type Fetched = Extract<NodeState, { readonly kind: 'fetching' }>;

function Fetching({ state: { mb, ofMb, seconds } }: { readonly state: Fetched }): JSX.Element {
  const texts = nodeTexts.fetching;
  return (
    <>
      <p>{texts.text}</p>
      <p>{ofMb === 0 ? texts.begins : texts.soFar(mb, ofMb, duration(seconds * 1_000))}</p>
      <Progress share={ofMb === 0 ? 0 : Math.min(0.99, mb / ofMb)} label={texts.label} />
    </>
  );
}
