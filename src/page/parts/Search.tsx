// What is looked for in a list. It is asked for when the person has stopped typing.
import React, { useEffect, useState } from 'react';
import { Form } from 'react-bootstrap';
import { smallTexts } from '../texts/small.ts';

const stillMs = 300;

interface Props {
  readonly value: string;
  /** "Scene, title or path" */
  readonly hint: string;
  readonly onSearch: (value: string) => void;
}

export function Search({ value, hint, onSearch }: Props): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = window.setTimeout(() => onSearch(typed), stillMs);
    return () => window.clearTimeout(timer);
  }, [typed, value, onSearch]);
  return (
    <Form.Control
      type="search"
      size="sm"
      className="plexsync-search bg-secondary text-white border-secondary"
      aria-label={`${smallTexts.search}: ${hint}`}
      placeholder={hint}
      value={typed}
      onChange={(event: React.ChangeEvent<HTMLInputElement>) => setTyped(event.target.value)}
    />
  );
}
