// Step 2: the token, pasted or got by signing in with Plex. It goes to Stash and is never shown again.
import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { setupTexts } from '../../texts/setup.ts';
import { SignIn } from './SignIn.tsx';
import type { SaveStep } from './saveStep.ts';

const texts = setupTexts.token;

interface Props {
  readonly hasToken: boolean;
  readonly save: SaveStep;
  readonly onSaved: () => void;
}

export function Token({ hasToken, save, onSaved }: Props): JSX.Element {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const take = async (token: string): Promise<void> => {
    setBusy(true);
    const isSaved = await save({ plexToken: token.trim() });
    setBusy(false);
    if (!isSaved) return;
    setTyped('');
    onSaved();
  };
  return (
    <>
      <p className="text-muted">{texts.help}</p>
      <Form
        className="plexsync-toolbar"
        onSubmit={(event: React.FormEvent) => {
          event.preventDefault();
          void take(typed);
        }}
      >
        <Form.Control
          type="password"
          autoComplete="new-password"
          size="sm"
          className="plexsync-wide bg-secondary text-white border-secondary"
          aria-label={texts.label}
          placeholder={hasToken ? texts.replace : texts.paste}
          value={typed}
          onChange={(event: React.ChangeEvent<HTMLInputElement>) => setTyped(event.target.value)}
        />
        <Button type="submit" size="sm" disabled={busy || typed.trim() === ''}>
          {texts.save}
        </Button>
      </Form>
      <SignIn onToken={(token) => void take(token)} />
    </>
  );
}
