// Settings that keep PlexSync from working, and warnings, with the way to the setup.
import React from 'react';
import { Link } from 'react-router-dom';
import { faExclamationTriangle, faTimesCircle } from '@fortawesome/free-solid-svg-icons';
import type { Status } from '../../../contract/status.ts';
import { tabPath } from '../../api/urls.ts';
import { Icon } from '../../parts/Icon.tsx';
import { problemsTexts } from '../../texts/problems.ts';

type Props = Pick<Status, 'problems' | 'warnings'>;

/** Warns of what stands in the lists below. */
const givenUpExtras = 'extras';

export function SettingsProblems({ problems, warnings }: Props): JSX.Element | null {
  const all = [
    ...problems.map(({ setting, message }) => ({ about: setting, message, isProblem: true })),
    ...warnings
      .filter(({ about }) => about !== givenUpExtras)
      .map((warning) => ({ ...warning, isProblem: false })),
  ];
  if (all.length === 0) return null;
  return (
    <section className="card plexsync-card">
      <div className="plexsync-toolbar">
        <h2 className="h5 mb-0">{problemsTexts.settings}</h2>
        <Link className="btn btn-primary btn-sm plexsync-push" to={tabPath('setup')}>
          {problemsTexts.openSetup}
        </Link>
      </div>
      <ul className="plexsync-notices">
        {all.map(({ about, message, isProblem }) => (
          <li key={`${about} ${message}`}>
            <span className={isProblem ? 'text-danger' : 'text-warning'}>
              <Icon icon={isProblem ? faTimesCircle : faExclamationTriangle} />
            </span>{' '}
            <strong>{about}</strong>: {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
