// "51 to 100 of 12,340", with the way to the pages before and after.
import React from 'react';
import { Button, ButtonGroup } from 'react-bootstrap';
import { number } from '../format/words.ts';
import { smallTexts } from '../texts/small.ts';

interface Props {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
  /** What it pages, where there is another one beside it. */
  readonly label?: string;
}

/** Nothing where there is one page. */
export function Pager({ offset, limit, total, onOffset, label }: Props): JSX.Element | null {
  if (total <= limit && offset === 0) return null;
  const last = Math.max(0, Math.floor((total - 1) / limit) * limit);
  const range = smallTexts.range(
    number(Math.min(offset + 1, total)),
    number(Math.min(offset + limit, total)),
    number(total),
  );
  const go = (to: number): void => onOffset(Math.min(last, Math.max(0, to)));
  return (
    <nav
      className="plexsync-pager"
      aria-label={label === undefined ? smallTexts.pages : `${smallTexts.pages}: ${label}`}
    >
      <span>{range}</span>
      <ButtonGroup size="sm">
        <Button variant="secondary" disabled={offset === 0} onClick={() => go(offset - limit)}>
          {smallTexts.previous}
        </Button>
        <Button variant="secondary" disabled={offset >= last} onClick={() => go(offset + limit)}>
          {smallTexts.next}
        </Button>
      </ButtonGroup>
    </nav>
  );
}
