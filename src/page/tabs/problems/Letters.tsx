// Changes that were given up, by cause.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { transientCodes } from '../../../contract/causes.ts';
import type { DeadLettersAnswer } from '../../../contract/lists.ts';
import type { Status } from '../../../contract/status.ts';
import { useAction } from '../../action/useAction.tsx';
import { tabPath } from '../../api/urls.ts';
import { counted } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Pager } from '../../parts/Pager.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { FailedGroups } from './FailedGroups.tsx';
import { nameOf } from './names.ts';
import { LetterCell, LetterWords } from './letterCells.tsx';

const pageSize = 25;
type Letter = DeadLettersAnswer['rows'][number];

interface Props {
  readonly deadLetters: Status['deadLetters'];
  readonly search: string;
}

export function Letters({ deadLetters: { count, byCause }, search }: Props): JSX.Element {
  const [{ cause = '', ...address }, change] = useAddressState();
  const offset = numberOf(address['offset']);
  const outage = numberOf(address['outage']);
  const args = {
    limit: pageSize,
    ...(offset > 0 ? { offset } : {}),
    ...(search === '' ? {} : { search }),
    ...(cause === '' ? {} : { cause }),
    ...(outage > 0 ? { outage, cause: [...transientCodes] } : {}),
  };
  const letters = useOperation('dead-letters', args, { live: true });
  const view = useViewOf(letters.data, JSON.stringify(args));
  const { act, busy, dialog } = useAction();
  const counts = search === '' && outage === 0 ? byCause : null;
  const inOutages = letters.data?.rows.some((letter) => letter.outage !== null) ?? false;
  return (
    <section className="plexsync-section" id="plexsync-failed">
      <div className="plexsync-toolbar">
        <h2 className="h5 mb-0">
          {count === 0
            ? problemsTexts.failedDone
            : problemsTexts.failedTitle(counted(count, 'change'))}
        </h2>
        {outage === 0 && inOutages && (
          <Button
            size="sm"
            variant="secondary"
            className="plexsync-push"
            disabled={busy}
            onClick={() => act({ name: 'recover-outage', done: letters.reload })}
          >
            {problemsTexts.recoverAny}
          </Button>
        )}
      </div>
      {outage > 0 && (
        <p className="plexsync-toolbar">
          {problemsTexts.ofOutage}
          <Button
            size="sm"
            disabled={busy}
            onClick={() => act({ name: 'recover-outage', args: { outage }, done: letters.reload })}
          >
            {problemsTexts.recover}
          </Button>
          <Link to={`${tabPath('outages')}?outage=${outage}`}>{problemsTexts.toOutage}</Link>
          <Link to={tabPath('problems')}>{problemsTexts.showEvery}</Link>
        </p>
      )}
      <Shown of={letters}>
        {({ rows, total }) => (
          <>
            <FailedGroups<Letter>
              list="dead-letters"
              label={problemsTexts.failed}
              things={(number) => counted(number, 'change')}
              rows={rows}
              view={view}
              counts={counts}
              only={cause}
              onOnly={(only) => change({ cause: only, offset: '' })}
              onDone={letters.reload}
              keyOf={({ key }) => key}
              actionKey={({ key }) => key}
              codeOf={(letter) => letter.cause.code}
              nameOf={nameOf}
              lastOf={({ lastErrorAt }) => lastErrorAt}
              removeText={problemsTexts.askRemove.text}
              thing={(letter) => <LetterCell letter={letter} />}
              words={(letter) => <LetterWords letter={letter} />}
            />
            <Pager
              offset={offset}
              limit={pageSize}
              total={total}
              onOffset={(to) => change({ offset: to === 0 ? '' : String(to) })}
            />
          </>
        )}
      </Shown>
      {dialog}
    </section>
  );
}
