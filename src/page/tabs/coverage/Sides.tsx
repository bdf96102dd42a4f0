// What Stash has and what Plex has, side by side. Both are shown as text, whatever is in them.
import React from 'react';
import type { GapsAnswer } from '../../../contract/reconcile.ts';
import { coverageTexts } from '../../texts/coverage.ts';
import { fieldName } from '../../texts/fields.ts';

const texts = coverageTexts.gaps;
const longest = 200;

type Row = GapsAnswer['rows'][number];
type Value = Row['stash'];

export function textOf(value: Value): string {
  return value === null ? '' : typeof value === 'string' ? value : value.join(', ');
}

/** "Blue Harbour: title “blue harbour” → “Blue Harbour”" */
export function exampleOf({ title, field, plex, stash, toCome }: Row): string {
  const name = title === '' ? '–' : title;
  if (field === '') return name;
  const short = (value: Value): string => textOf(value).slice(0, 60);
  return texts.example(name, fieldName(field), short(plex), short(toCome ?? stash));
}

export function Side({ value }: { readonly value: Value }): JSX.Element {
  const text = textOf(value);
  if (text === '') return <span className="text-muted">{texts.nothing}</span>;
  const characters = Array.from(text);
  if (characters.length <= longest) return <span className="plexsync-value">{text}</span>;
  return (
    <span className="plexsync-value" title={text}>
      {characters.slice(0, longest).join('')}…
    </span>
  );
}
