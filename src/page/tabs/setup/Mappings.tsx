// Step 5, and part of the settings: which folder of Stash's is which of Plex's, how many files that
// explains, and what is left over.
import React from 'react';
import type { MappingsAnswer } from '../../../contract/mappings.ts';
import { number } from '../../format/words.ts';
import { useOperation } from '../../live/useOperation.ts';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Path } from '../../parts/small.tsx';
import { setupTexts } from '../../texts/setup.ts';

const texts = setupTexts.paths;
type Report = NonNullable<MappingsAnswer['found']>['report'];

export function Mappings(): JSX.Element {
  const mappings = useOperation('mappings', {}, { live: true });
  return (
    <Shown of={mappings}>
      {({ found, survey }) =>
        found === null || (survey !== null && survey.doneAt === null) ? (
          <p role="status">{texts.counting(survey?.left ?? 0)}</p>
        ) : (
          <Found report={found.report} />
        )
      }
    </Shown>
  );
}

function Found({ report }: { readonly report: Report }): JSX.Element {
  const { files, inPlex, explained, rules, handRules, unexplained } = report;
  if (files === 0) return <p>{texts.none}</p>;
  return (
    <>
      <p>
        <strong>{texts.sentence(explained, files)}</strong>{' '}
        {inPlex > explained && texts.inPlex(inPlex)}{' '}
        {rules.length + handRules.length === 0 && explained === files && texts.same}
      </p>
      {rules.length > 0 && (
        <>
          <p className="mb-1">{texts.rules}</p>
          <ul className="plexsync-findings">
            {rules.map(({ stash, plex, explains, contradicts, use, why }) => (
              <li key={`${stash}=>${plex}`}>
                <span>
                  <strong>{texts.rule(stash, plex)}</strong> {texts.explains(explains)}
                  {contradicts > 0 && `, ${texts.contradicts(contradicts)}`}
                  {use === 'offered' && `; ${texts.offered}`}
                  <span className="d-block text-muted small">{why}</span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {handRules.length > 0 && (
        <>
          <p className="mb-1">{texts.hand}</p>
          <ul className="plexsync-findings">
            {handRules.map(({ rule, explains, contradicts }) => (
              <li key={rule.stash}>
                <span>
                  <strong>{texts.rule(rule.stash, rule.plex)}</strong> {texts.explains(explains)}
                  {contradicts > 0 && `, ${texts.contradicts(contradicts)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {unexplained.length > 0 && (
        <Rows
          label={texts.left}
          columns={columns}
          rows={unexplained}
          keyOf={({ folder }) => folder}
        />
      )}
    </>
  );
}

const columns: readonly Column<Report['unexplained'][number]>[] = [
  { key: 'folder', head: texts.left, cell: ({ folder }) => <Path path={folder} /> },
  {
    key: 'files',
    head: texts.stash,
    cell: ({ files, inPlex }) => texts.leftRow(files, inPlex) || number(files),
  },
];
