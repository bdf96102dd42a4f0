// The control of a setting by its type: a switch or a choice saves at once, a text or a number when
// the person leaves it or presses Enter. The token is typed anew or not at all.
import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import type { Described } from '../../settings/store.ts';
import { secrets } from '../../settings/secrets.ts';
import { setupTexts } from '../../texts/setup.ts';

const texts = setupTexts.settings;
type Options = readonly (readonly [string, string])[];
const choices: Readonly<Record<string, Options | undefined>> = texts.choices;
const look = 'bg-secondary text-white border-secondary';

interface Props {
  readonly setting: Described;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

type Change = React.ChangeEvent<HTMLInputElement>;

export function Control({ setting: { key, name, type }, value, onChange }: Props): JSX.Element {
  const about = {
    id: `plexsync-setting-${key}`,
    'aria-describedby': `plexsync-help-${key}`,
  };
  const options = choices[key];
  if (secrets.includes(key))
    return <Secret about={about} isSet={isText(value)} onChange={onChange} />;
  if (type === 'BOOLEAN') {
    return (
      <Form.Check
        {...about}
        type="switch"
        label={<span className="sr-only">{name}</span>}
        checked={value === true}
        onChange={(event: Change) => onChange(event.target.checked)}
      />
    );
  }
  const text =
    typeof value === 'number' && value !== 0 ? String(value) : isText(value) ? value : '';
  if (options !== undefined) {
    return (
      <Form.Control
        {...about}
        as="select"
        size="sm"
        className={look}
        value={text.trim().toLowerCase()}
        onChange={(event: Change) => onChange(event.target.value)}
      >
        {options.map(([key_, name_]) => (
          <option key={key_} value={key_}>
            {name_}
          </option>
        ))}
      </Form.Control>
    );
  }
  const read = (typed: string): unknown => {
    if (type === 'STRING') return typed;
    const number = Number(typed.replace(',', '.'));
    return typed.trim() === '' ? 0 : Number.isFinite(number) ? number : typed;
  };
  return (
    <Typed
      about={about}
      text={text}
      isNumber={type === 'NUMBER'}
      onDone={(typed) => onChange(read(typed))}
    />
  );
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

interface TypedProps {
  readonly about: { readonly id: string; readonly 'aria-describedby': string };
  readonly text: string;
  readonly isNumber: boolean;
  readonly onDone: (typed: string) => void;
}

function Typed({ about, text, isNumber, onDone }: TypedProps): JSX.Element {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const done = (): void => {
    if (typed !== text) onDone(typed);
  };
  return (
    <Form.Control
      {...about}
      size="sm"
      className={look}
      inputMode={isNumber ? 'decimal' : 'text'}
      autoComplete="off"
      value={typed}
      onChange={(event: Change) => setTyped(event.target.value)}
      onBlur={done}
      onKeyDown={(event: React.KeyboardEvent) => {
        if (event.key === 'Enter') done();
        if (event.key === 'Escape') setTyped(text);
      }}
    />
  );
}

interface SecretProps {
  readonly about: TypedProps['about'];
  readonly isSet: boolean;
  readonly onChange: (value: string) => void;
}

function Secret({ about, isSet, onChange }: SecretProps): JSX.Element {
  const [typed, setTyped] = useState('');
  return (
    <Form
      className="plexsync-secret"
      onSubmit={(event: React.FormEvent) => {
        event.preventDefault();
        onChange(typed.trim());
        setTyped('');
      }}
    >
      <Form.Control
        {...about}
        type="password"
        autoComplete="new-password"
        size="sm"
        className={look}
        placeholder={isSet ? setupTexts.token.replace : setupTexts.token.paste}
        value={typed}
        onChange={(event: Change) => setTyped(event.target.value)}
      />
      <Button type="submit" size="sm" disabled={typed.trim() === ''}>
        {isSet ? texts.replaceToken : texts.saveToken}
      </Button>
    </Form>
  );
}
