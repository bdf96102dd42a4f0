// Step 1: Plex is looked for where it is likely to be, and what was found is one click away; or its
// address is typed, and asked before it is taken.
import React, { useState } from 'react';
import { Alert, Button, Form } from 'react-bootstrap';
import { useOperation } from '../../live/useOperation.ts';
import { call } from '../../operation/call.ts';
import type { Trouble } from '../../operation/trouble.ts';
import { Shown, TroubleBox, Working } from '../../parts/Shown.tsx';
import { setupTexts } from '../../texts/setup.ts';
import { isAddress, likelyCause } from './likelyCause.ts';
import type { SaveStep } from './saveStep.ts';

const texts = setupTexts.plex;

interface Props {
  /** '' while none is saved. */
  readonly url: string;
  readonly save: SaveStep;
  readonly onSaved: () => void;
}

/** What became of a typed address. */
type Tried =
  | { readonly kind: 'nothing'; readonly url: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'wrong' };

export function PlexAddress({ url, save, onSaved }: Props): JSX.Element {
  const [typed, setTyped] = useState(url);
  const [tried, setTried] = useState<Tried | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (address: string): Promise<void> => {
    setBusy(true);
    const isSaved = await save({ plexUrl: address.replace(/\/+$/, '') });
    setBusy(false);
    if (isSaved) onSaved();
  };
  const check = async (): Promise<void> => {
    const address = typed.trim();
    if (!isAddress(address)) return setTried({ kind: 'wrong' });
    setBusy(true);
    setTried(null);
    const asked = await call('find-plex', { addresses: [address] });
    setBusy(false);
    if (asked === null) return;
    if (asked.kind === 'trouble') setTried({ kind: 'trouble', trouble: asked.trouble });
    else if (asked.answer.found.length === 0) setTried({ kind: 'nothing', url: address });
    else await take(address);
  };
  return (
    <>
      <Found busy={busy} onUse={(address) => void take(address)} />
      <Form
        onSubmit={(event: React.FormEvent) => {
          event.preventDefault();
          void check();
        }}
      >
        <label htmlFor="plexsync-address">{texts.type}</label>
        <div className="plexsync-toolbar plexsync-shown">
          <Form.Control
            id="plexsync-address"
            size="sm"
            className="plexsync-wide bg-secondary text-white border-secondary"
            placeholder={texts.example}
            value={typed}
            aria-describedby="plexsync-address-trouble"
            onChange={(event: React.ChangeEvent<HTMLInputElement>) => setTyped(event.target.value)}
          />
          <Button
            type="submit"
            size="sm"
            variant="secondary"
            disabled={busy || typed.trim() === ''}
          >
            {texts.check}
          </Button>
          <Working busy={busy} />
        </div>
      </Form>
      <div id="plexsync-address-trouble" role="status">
        {tried?.kind === 'wrong' && <Alert variant="warning">{texts.notAnAddress}</Alert>}
        {tried?.kind === 'trouble' && (
          <TroubleBox trouble={tried.trouble} at={null} onTry={() => void check()} />
        )}
        {tried?.kind === 'nothing' && (
          <Alert variant="warning" className="plexsync-trouble">
            <span>
              {texts.tried(tried.url)} {likelyCause(tried.url)}
            </span>
            <Button
              size="sm"
              variant="secondary"
              disabled={busy}
              onClick={() => void take(tried.url)}
            >
              {texts.anyway}
            </Button>
          </Alert>
        )}
      </div>
    </>
  );
}

function Found({
  busy,
  onUse,
}: {
  readonly busy: boolean;
  readonly onUse: (url: string) => void;
}): JSX.Element {
  const looked = useOperation('find-plex');
  return (
    <div className="plexsync-found">
      {looked.busy && <p role="status">{texts.looking}</p>}
      <Shown of={looked}>
        {({ found, asked }) => (
          <>
            <p>
              {found.length === 0 ? texts.none(asked) : texts.found(found.length)}{' '}
              <Button size="sm" variant="secondary" disabled={looked.busy} onClick={looked.reload}>
                {texts.again}
              </Button>
            </p>
            <ul className="plexsync-entries">
              {found.map(({ url, how, name, version }) => (
                <li key={url}>
                  <span>
                    <strong>{url}</strong>
                    <span className="d-block text-muted small">
                      {texts.server(name, version)}, {texts.how(how)}
                    </span>
                  </span>
                  <Button
                    size="sm"
                    disabled={busy}
                    aria-label={`${texts.use}: ${url}`}
                    onClick={() => onUse(url)}
                  >
                    {texts.use}
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </div>
  );
}
