// Only what failed for one cause: where something failed before.
import React from 'react';
import { Form } from 'react-bootstrap';
import { causeOf } from '../../../contract/causes.ts';
import { number } from '../../format/words.ts';
import { queueTexts } from '../../texts/queue.ts';

interface Props {
  readonly byCause: Readonly<Record<string, number>>;
  /** A code; '' for all. */
  readonly value: string;
  readonly onCause: (code: string) => void;
}

export function CauseFilter({ byCause, value, onCause }: Props): JSX.Element | null {
  const codes = Object.keys(byCause);
  if (codes.length === 0 && value === '') return null;
  const shown = value === '' || codes.includes(value) ? codes : [...codes, value];
  return (
    <Form.Control
      as="select"
      size="sm"
      className="plexsync-filter bg-secondary text-white border-secondary"
      aria-label={queueTexts.cause}
      value={value}
      onChange={(event: React.ChangeEvent<HTMLSelectElement>) => onCause(event.target.value)}
    >
      <option value="">{queueTexts.allCauses}</option>
      {shown.map((code) => (
        <option key={code} value={code}>
          {`${causeOf(code).meaning} (${number(byCause[code] ?? 0)})`}
        </option>
      ))}
    </Form.Control>
  );
}
