// Which libraries are kept in step by the settings as they are, asked of Plex just now: a wrong name is
// told at once, and not when the next change is pushed.
import React from 'react';
import { Alert } from 'react-bootstrap';
import { useOperation } from '../../live/useOperation.ts';
import { Shown } from '../../parts/Shown.tsx';
import { setupTexts } from '../../texts/setup.ts';

const texts = setupTexts.libraries;

export function KeptInStep(): JSX.Element {
  const libraries = useOperation('libraries');
  return (
    <Shown of={libraries}>
      {({ libraries: all, problems }) => {
        const kept = all.filter(({ chosen }) => chosen);
        return (
          <>
            {problems.map((problem) => (
              <Alert key={problem} variant="warning">
                {problem}
              </Alert>
            ))}
            {kept.length > 0 && (
              <p className="mb-2">{texts.kept(kept.map(({ title }) => title).join(', '))}</p>
            )}
            {kept.map(({ id, warning }) =>
              warning === null ? null : (
                <p key={id} className="small">
                  {warning}
                </p>
              ),
            )}
          </>
        );
      }}
    </Shown>
  );
}
