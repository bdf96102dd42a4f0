// The overview: is it working, what waits, what came of the work. Where nothing was ever set up, it
// is the setup.
import React from 'react';
import type { Status } from '../../../contract/status.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { Setup } from '../setup/Setup.tsx';
import { Counts } from './Counts.tsx';
import { Day } from './Day.tsx';
import { left } from './headline.ts';
import { HeadlineCard } from './HeadlineCard.tsx';
import { Newest } from './Newest.tsx';
import { Notices } from './Notices.tsx';
import { useRun } from './useRun.ts';

export function Overview(): JSX.Element {
  const seen = useSeenStatus();
  const run = useRun(seen.status, seen.at);
  const { status } = seen;
  if (status !== null && isNew(status)) return <Setup />;
  // At the end of the work the numbers below say at once what the sentence says.
  const moment = status === null || left(status) > 0 ? 'working' : 'rest';
  return (
    <>
      <HeadlineCard seen={seen} run={run} />
      {status !== null && (
        <>
          <Notices status={status} />
          <Counts moment={moment} />
          <Day rates={status.rates} />
          <Newest moment={moment} />
        </>
      )}
    </>
  );
}

/** Nothing was done and nothing is to do, since it is not set up; or the setup is under way here. */
function isNew(status: Status): boolean {
  const { lastPushAt, scenes, deadLetters, paused, plex, fullSyncNeeded, problems } = status;
  if (paused?.setup === true) return true;
  const isSetUp = !problems.some(({ setting }) => setting === 'plexUrl' || setting === 'plexToken');
  const isUntouched =
    scenes.matched + deadLetters.count === 0 && paused === null && fullSyncNeeded === null;
  if (isSetUp && status.versions.plex !== null) return false;
  return lastPushAt === null && isUntouched && left(status) === 0 && plex.circuit === 'closed';
}
