// What was changed in one field: before and after, and the lock.
import React, { useState } from 'react';
import {
  faArrowRight,
  faLock,
  faLockOpen,
  faMinus,
  faPlus,
} from '@fortawesome/free-solid-svg-icons';
import { number } from '../../format/words.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Long, More } from '../../parts/Long.tsx';
import { Path } from '../../parts/small.tsx';
import { fieldName } from '../../texts/fields.ts';
import { historyTexts } from '../../texts/history.ts';
import { type Change, listChange } from './pushes.ts';

export function FieldChange({ change }: { readonly change: Change }): JSX.Element {
  const { field, before, after } = change;
  return (
    <li className="plexsync-change">
      <span className="plexsync-change-field">{fieldName(field)}</span>
      <span className="plexsync-change-values">
        {Array.isArray(before) || Array.isArray(after) ? (
          <Lists before={listOf(before)} after={listOf(after)} />
        ) : (
          <Texts before={before} after={after} isName={pictures.has(field)} />
        )}
      </span>
      <Lock change={change} />
    </li>
  );
}

/** Their values are names of files in Plex. */
const pictures: ReadonlySet<string> = new Set(['thumb', 'art']);

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? (value === '' ? [] : [value]) : value;

interface TextsProps {
  readonly before: string;
  readonly after: string;
  readonly isName: boolean;
}

function Texts({ before, after, isName }: TextsProps): JSX.Element {
  if (before === after) {
    return (
      <>
        <Value text={after} isName={isName} />{' '}
        <span className="text-muted">({historyTexts.sameValue})</span>
      </>
    );
  }
  return (
    <>
      <span className="text-muted">
        <span className="sr-only">{historyTexts.before}: </span>
        <Value text={before} isName={isName} />
      </span>{' '}
      <Icon icon={faArrowRight} className="plexsync-arrow" />{' '}
      <span className="sr-only">{historyTexts.after}: </span>
      <Value text={after} isName={isName} />
    </>
  );
}

function Value({ text, isName }: { text: string; isName: boolean }): JSX.Element {
  if (text === '') return <em>{historyTexts.nothing}</em>;
  return isName ? <Path path={text} most={nameLength} /> : <Long text={text} />;
}

const nameLength = 32;

interface ListProps {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const shownTags = 12;

/** Of a list what came and what went; both whole on demand. */
function Lists({ before, after }: ListProps): JSX.Element {
  const [whole, setWhole] = useState(false);
  const { added, removed, stayed } = listChange(before, after);
  const hidden = Math.max(0, added.length - shownTags) + Math.max(0, removed.length - shownTags);
  return (
    <>
      {added.slice(0, shownTags).map((tag) => (
        <Tag key={`+${tag}`} tag={tag} isAdded />
      ))}
      {removed.slice(0, shownTags).map((tag) => (
        <Tag key={`-${tag}`} tag={tag} isAdded={false} />
      ))}
      {hidden > 0 && <span>{historyTexts.moreTags(number(hidden))} </span>}
      {stayed > 0 && (
        <span className="text-muted">
          {added.length + removed.length === 0
            ? `${after.join(', ')} (${historyTexts.sameValue})`
            : historyTexts.stayed(number(stayed))}{' '}
        </span>
      )}
      {(stayed > 0 || hidden > 0) && added.length + removed.length > 0 && (
        <More whole={whole} onToggle={() => setWhole(!whole)} />
      )}
      {whole && (
        <span className="d-block">
          <span className="d-block text-muted">
            {historyTexts.before}: {before.join(', ') || historyTexts.nothing}
          </span>
          <span className="d-block">
            {historyTexts.after}: {after.join(', ') || historyTexts.nothing}
          </span>
        </span>
      )}
    </>
  );
}

function Tag({ tag, isAdded }: { readonly tag: string; readonly isAdded: boolean }): JSX.Element {
  return (
    <>
      <span className="plexsync-tag">
        <Icon icon={isAdded ? faPlus : faMinus} />{' '}
        <span className="sr-only">{isAdded ? historyTexts.added : historyTexts.removed} </span>
        {isAdded ? tag : <s>{tag}</s>}
      </span>{' '}
    </>
  );
}

function Lock({ change: { lockedBefore, lockedAfter } }: { readonly change: Change }): JSX.Element {
  const words =
    historyTexts.locks[lockedBefore ? 'locked' : 'open'][lockedAfter ? 'locked' : 'open'];
  return (
    <span className="plexsync-change-lock text-muted">
      <Icon icon={lockedAfter ? faLock : faLockOpen} /> {words}
    </span>
  );
}
