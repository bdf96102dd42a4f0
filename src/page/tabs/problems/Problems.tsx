// The tab Problems: all that only a person can help. Settings first, then what failed, by cause, then
// the scenes whose Plex item has to be chosen.
import React, { useCallback } from 'react';
import type { Status } from '../../../contract/status.ts';
import { useAddressState } from '../../live/useAddressState.ts';
import { lookAgain } from '../../live/statusStore.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { Search } from '../../parts/Search.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty } from '../../parts/small.tsx';
import { SupportReport } from '../../parts/SupportReport.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { GivenUpExtras } from './GivenUpExtras.tsx';
import { Letters } from './Letters.tsx';
import { Reviews } from './Reviews.tsx';
import { SettingsProblems } from './SettingsProblems.tsx';
import { useSticky } from './useSticky.ts';

export function Problems(): JSX.Element {
  const { status, at, trouble } = useSeenStatus();
  const loaded = {
    data: status,
    at,
    trouble,
    busy: status === null && trouble === null,
    reload: lookAgain,
  };
  return (
    <>
      <Shown of={loaded}>{(known) => <Known status={known} />}</Shown>
      <SupportReport />
    </>
  );
}

function Known({ status }: { readonly status: Status }): JSX.Element {
  const { deadLetters, extras, scenes, problems, warnings } = status;
  const [{ search = '' }, change] = useAddressState();
  const unsure = scenes.withoutItem['review'] ?? 0;
  const hasLetters = useSticky(deadLetters.count > 0);
  const hasExtras = useSticky(extras.givenUp > 0);
  const hasReviews = useSticky(unsure > 0);
  const onSearch = useCallback(
    (value: string) => change({ search: value, offset: '', extras: '', unsure: '' }),
    [change],
  );
  const hasLists = hasLetters || hasExtras || hasReviews;
  return (
    <>
      <SettingsProblems problems={problems} warnings={warnings} />
      {hasLists ? (
        <div className="plexsync-toolbar">
          <Search value={search} hint={problemsTexts.hint} onSearch={onSearch} />
        </div>
      ) : (
        problems.length + warnings.length === 0 && <Empty>{problemsTexts.nothing}</Empty>
      )}
      {hasLetters && <Letters deadLetters={deadLetters} search={search} />}
      {hasExtras && <GivenUpExtras count={extras.givenUp} search={search} />}
      {hasReviews && <Reviews count={unsure} search={search} />}
    </>
  );
}
