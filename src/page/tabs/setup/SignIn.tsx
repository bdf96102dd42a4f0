// Signing in with Plex in place of pasting a token. plex.tv is asked only when the person wants it, and
// the way there is offered only if it answers.
import React, { useEffect, useState } from 'react';
import { Button } from 'react-bootstrap';
import { setupTexts } from '../../texts/setup.ts';
import { askForPin, askForToken, type Pin } from './plexPin.ts';

const texts = setupTexts.pin;
const answerWithinMs = 8_000;
const lookEveryMs = 2_000;
/** A code is good for half an hour at plex.tv. */
const giveUpAfterMs = 15 * 60_000;

type State =
  | { readonly kind: 'offered' | 'asking' | 'none' | 'over' }
  | { readonly kind: 'waiting'; readonly pin: Pin };

export function SignIn({ onToken }: { readonly onToken: (token: string) => void }): JSX.Element {
  const [state, setState] = useState<State>({ kind: 'offered' });
  const begin = async (): Promise<void> => {
    setState({ kind: 'asking' });
    const control = new AbortController();
    const timer = window.setTimeout(() => control.abort(), answerWithinMs);
    const pin = await askForPin(control.signal);
    window.clearTimeout(timer);
    setState(pin === null ? { kind: 'none' } : { kind: 'waiting', pin });
  };
  const pin = state.kind === 'waiting' ? state.pin : null;
  useEffect(() => {
    if (pin === null) return;
    const control = new AbortController();
    const begunAt = Date.now();
    const look = window.setInterval(() => {
      if (Date.now() - begunAt > giveUpAfterMs) return setState({ kind: 'over' });
      void askForToken(pin, control.signal).then((token) => {
        if (token === null || control.signal.aborted) return;
        control.abort();
        setState({ kind: 'offered' });
        onToken(token);
      });
    }, lookEveryMs);
    return () => {
      window.clearInterval(look);
      control.abort();
    };
    // `onToken` is another one at each rendering; the one of the beginning saves as well.
  }, [pin]);
  if (state.kind === 'waiting') {
    return (
      <div role="status">
        <p>{texts.explain}</p>
        <p className="plexsync-toolbar mb-0">
          <a
            className="btn btn-sm btn-primary"
            href={state.pin.url}
            target="_blank"
            rel="noopener noreferrer"
          >
            {texts.open}
          </a>
          <span className="text-muted">{texts.waiting}</span>
        </p>
      </div>
    );
  }
  return (
    <p className="plexsync-toolbar mb-0" role="status">
      <Button
        size="sm"
        variant="secondary"
        disabled={state.kind === 'asking'}
        onClick={() => void begin()}
      >
        {state.kind === 'asking' ? texts.asking : texts.offer}
      </Button>
      {state.kind === 'none' && <span>{texts.none}</span>}
      {state.kind === 'over' && <span>{texts.over}</span>}
    </p>
  );
}
