// A text that may be long: its beginning, and the whole of it on demand.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { longTexts } from '../texts/long.ts';

interface Props {
  readonly text: string;
  /** Characters that are shown at first. */
  readonly most?: number;
}

export function Long({ text, most = 140 }: Props): JSX.Element {
  const [whole, setWhole] = useState(false);
  const characters = Array.from(text);
  if (characters.length <= most) return <span className="plexsync-long">{text}</span>;
  return (
    <span className="plexsync-long">
      {whole ? text : `${characters.slice(0, most).join('').trimEnd()}…`}{' '}
      <More whole={whole} onToggle={() => setWhole(!whole)} />
    </span>
  );
}

interface MoreProps {
  readonly whole: boolean;
  readonly onToggle: () => void;
}

export function More({ whole, onToggle }: MoreProps): JSX.Element {
  return (
    <Button variant="link" className="plexsync-more" aria-expanded={whole} onClick={onToggle}>
      {whole ? longTexts.less : longTexts.more}
    </Button>
  );
}
