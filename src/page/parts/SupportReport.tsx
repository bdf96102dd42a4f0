// The report for somebody who helps: shown, so that a person sees what is handed out, and copied.
import React, { useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import { useOperation } from '../live/useOperation.ts';
import { supportTexts } from '../texts/support.ts';
import { Shown } from './Shown.tsx';

export function SupportReport(): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card plexsync-card" aria-labelledby="plexsync-support">
      <h2 className="h6" id="plexsync-support">
        {supportTexts.title}
      </h2>
      <p className="mb-2">{supportTexts.what}</p>
      {isOpen ? (
        <Report />
      ) : (
        <div>
          <Button size="sm" variant="secondary" onClick={() => setOpen(true)}>
            {supportTexts.show}
          </Button>
        </div>
      )}
    </section>
  );
}

function Report(): JSX.Element {
  const report = useOperation('support');
  const field = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async (text: string): Promise<void> => {
    field.current?.select();
    setCopied(await copied(text));
  };
  return (
    <Shown of={report}>
      {({ text }) => (
        <>
          <textarea
            ref={field}
            className="form-control text-input plexsync-report"
            aria-label={supportTexts.title}
            rows={12}
            readOnly
            value={text}
          />
          <div className="plexsync-toolbar mt-2 mb-0">
            <Button size="sm" onClick={() => void copy(text)}>
              {supportTexts.copy}
            </Button>
            <Button
              size="sm"
              variant="secondary"
              disabled={report.busy}
              onClick={() => {
                setCopied(false);
                report.reload();
              }}
            >
              {supportTexts.again}
            </Button>
            <span role="status">{isCopied && supportTexts.copied}</span>
          </div>
        </>
      )}
    </Shown>
  );
}

/** A browser has a clipboard only for https and this machine; else it copies what is selected. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
