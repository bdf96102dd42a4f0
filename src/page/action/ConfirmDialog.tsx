// Asks before what cannot be undone: what will happen, to how many, with two of them by name. The
// focus returns to the button that was pressed (react-bootstrap's Modal does that).
import React, { useRef } from 'react';
import { Button, Modal } from 'react-bootstrap';
import { smallTexts } from '../texts/small.ts';

export interface Question {
  /** "Clear the queue?" */
  readonly title: string;
  /** What happens, with the number of things. */
  readonly text: string;
  /** Names of some of them; two are shown. */
  readonly examples?: readonly string[];
  /** The button that does it: "Clear 512 changes". */
  readonly accept: string;
  /** Red, unless it destroys nothing. */
  readonly variant?: 'danger' | 'primary';
}

interface Props {
  readonly question: Question;
  readonly onAccept: () => void;
  readonly onCancel: () => void;
}

const shownExamples = 2;

export function ConfirmDialog({ question, onAccept, onCancel }: Props): JSX.Element {
  const { title, text, examples = [], accept, variant = 'danger' } = question;
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Modal
      show
      className="plexsync-modal"
      aria-labelledby="plexsync-question"
      onHide={onCancel}
      // Enter must not destroy anything by mistake.
      onEntered={() => cancel.current?.focus()}
    >
      <Modal.Header>
        <Modal.Title as="h2" className="h5" id="plexsync-question">
          {title}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        <p>{text}</p>
        {examples.length > 0 && (
          <>
            <p className="mb-1">{smallTexts.forInstance}</p>
            <ul className="plexsync-examples">
              {examples.slice(0, shownExamples).map((example) => (
                <li key={example}>{example}</li>
              ))}
            </ul>
          </>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button ref={cancel} variant="secondary" onClick={onCancel}>
          {smallTexts.cancel}
        </Button>
        <Button variant={variant} onClick={onAccept}>
          {accept}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
