// What a person should know besides the sentence: settings that are wrong, warnings, a Stash that does
// not answer, changes that may have been missed.
import React from 'react';
import { Link } from 'react-router-dom';
import { faExclamationTriangle } from '@fortawesome/free-solid-svg-icons';
import type { Status } from '../../../contract/status.ts';
import { Icon } from '../../parts/Icon.tsx';
import { tabPath } from '../../api/urls.ts';
import { overviewTexts } from '../../texts/overview.ts';

export function Notices({ status }: { readonly status: Status }): JSX.Element | null {
  const { problems, warnings, missedSince, stashAway } = status;
  const notices = [
    ...problems.map(({ setting, message }) => ({ about: setting, message, setup: true })),
    ...(stashAway === null
      ? []
      : [{ about: overviewTexts.stash, message: stashAway.cause, setup: false }]),
    ...(missedSince === null
      ? []
      : [{ about: overviewTexts.missed, message: missedSince.reason, setup: false }]),
    ...warnings.map(({ about, message }) => ({ about, message, setup: false })),
  ];
  if (notices.length === 0) return null;
  return (
    <section className="card plexsync-card" aria-label={overviewTexts.notices}>
      <ul className="plexsync-notices">
        {notices.map(({ about, message, setup }) => (
          <li key={`${about} ${message}`}>
            <span className="text-warning">
              <Icon icon={faExclamationTriangle} />
            </span>{' '}
            <strong>{about}</strong>: {message}{' '}
            {setup && <Link to={tabPath('setup')}>{overviewTexts.openSetup}</Link>}
          </li>
        ))}
      </ul>
    </section>
  );
}
