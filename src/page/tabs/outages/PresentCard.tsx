// How Plex is now, in words, with the button that helps.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import {
  faCheckCircle,
  faExclamationTriangle,
  faQuestionCircle,
  faTimesCircle,
  type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import type { OutagesAnswer } from '../../../contract/outages.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { useAction } from '../../action/useAction.tsx';
import { tabPath } from '../../api/urls.ts';
import { useNow } from '../../live/useNow.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { Icon } from '../../parts/Icon.tsx';
import { outagesTexts } from '../../texts/outages.ts';
import { present, type PresentKind } from './present.ts';

const signs: Readonly<Record<PresentKind, readonly [IconDefinition, string]>> = {
  well: [faCheckCircle, 'text-success'],
  unknown: [faQuestionCircle, 'text-muted'],
  away: [faExclamationTriangle, 'text-warning'],
  refused: [faTimesCircle, 'text-danger'],
};

export function PresentCard({ now }: Pick<OutagesAnswer, 'now'>): JSX.Element {
  const at = useNow();
  const { status } = useSeenStatus();
  const { act, busy } = useAction();
  const { kind, sentences } = present(now, status, at);
  const [icon, colour] = signs[kind];
  const stashAway = status?.stashAway ?? null;
  return (
    <section className="card plexsync-card plexsync-headline" aria-label={outagesTexts.present}>
      <div className="plexsync-headline-row">
        <p className="plexsync-sentence">
          <span className={colour}>
            <Icon icon={icon} />
          </span>{' '}
          {sentences.join(' ')}
        </p>
        {now !== null && (
          <div className="plexsync-actions">
            {kind === 'refused' && (
              <Link className="btn btn-primary btn-sm" to={tabPath('setup')}>
                {outagesTexts.openSetup}
              </Link>
            )}
            <Button
              size="sm"
              variant={kind === 'refused' ? 'secondary' : 'primary'}
              disabled={busy}
              onClick={() => act({ name: 'process' })}
            >
              {outagesTexts.tryNow}
            </Button>
          </div>
        )}
      </div>
      {stashAway !== null && (
        <p className="mb-0 mt-2">
          {outagesTexts.stashAway(
            duration(at - stashAway.since),
            stashAway.cause.replace(/\.$/, ''),
          )}
        </p>
      )}
    </section>
  );
}
