// The policy of each field as a table of choices.
import React from 'react';
import { Alert, Form } from 'react-bootstrap';
import { policies } from '../../../contract/fieldPolicies.ts';
import { fieldName } from '../../texts/fields.ts';
import { setupTexts } from '../../texts/setup.ts';
import { tableOf, withPolicy } from './policyText.ts';

const texts = setupTexts.settings.policies;

interface Props {
  /** The setting as it is saved. */
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function Policies({ text, onChange }: Props): JSX.Element {
  const { rows, problems } = tableOf(text);
  return (
    <>
      {problems.length > 0 && (
        <Alert variant="warning">
          {texts.unreadable} {problems.join('; ')}
        </Alert>
      )}
      <div className="plexsync-policies" role="group" aria-label={texts.table}>
        {rows.map(({ field, policy }) => (
          <label key={field} className="plexsync-policy">
            <span>{fieldName(field)}</span>
            <Form.Control
              as="select"
              size="sm"
              className="bg-secondary text-white border-secondary"
              value={policy}
              onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
                const chosen = policies.find((one) => one === event.target.value);
                if (chosen !== undefined) onChange(withPolicy(text, field, chosen));
              }}
            >
              {policies.map((one) => (
                <option key={one} value={one}>
                  {texts[one]}
                </option>
              ))}
            </Form.Control>
          </label>
        ))}
      </div>
    </>
  );
}
