// A labelled choice of one among several, and one of yes and no, as Stash's own look.
import React, { useState } from 'react';
import { Form } from 'react-bootstrap';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Value and name. */
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps): JSX.Element {
  return (
    <label className="plexsync-field">
      <span>{label}</span>
      <Form.Control
        as="select"
        size="sm"
        className="bg-secondary text-white border-secondary"
        value={value}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => onChange(event.target.value)}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </Form.Control>
    </label>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

let made = 0;

export function Switch({ label, checked, onChange }: SwitchProps): JSX.Element {
  const [id] = useState(() => {
    made += 1;
    return `plexsync-check-${made}`;
  });
  return (
    <Form.Check
      id={id}
      label={label}
      checked={checked}
      onChange={(event: React.ChangeEvent<HTMLInputElement>) => onChange(event.target.checked)}
    />
  );
}
