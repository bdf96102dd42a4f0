// The card on top: the sentence, its sign, the button that helps, and all else one can do.
import React, { useEffect, useState } from 'react';
import {
  faAdjust,
  faCheckCircle,
  faClock,
  faExclamationTriangle,
  faPauseCircle,
  faQuestionCircle,
  faTimesCircle,
  type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import type { RunProgress } from '../../../domain/words/runProgress.ts';
import { useNow } from '../../live/useNow.ts';
import type { Seen } from '../../live/statusStore.ts';
import { lookAgain } from '../../live/statusStore.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Progress } from '../../parts/Progress.tsx';
import { TroubleBox, Working } from '../../parts/Shown.tsx';
import { overviewTexts } from '../../texts/overview.ts';
import { Actions } from './Actions.tsx';
import { headline, type HeadlineKind } from './headline.ts';

const signs: Readonly<Record<HeadlineKind, readonly [IconDefinition, string]>> = {
  good: [faCheckCircle, 'text-success'],
  rest: [faCheckCircle, 'text-muted'],
  working: [faAdjust, 'text-primary'],
  standing: [faClock, 'text-warning'],
  paused: [faPauseCircle, 'text-warning'],
  setup: [faPauseCircle, 'text-warning'],
  away: [faExclamationTriangle, 'text-warning'],
  refused: [faTimesCircle, 'text-danger'],
  wrong: [faTimesCircle, 'text-danger'],
  lost: [faExclamationTriangle, 'text-warning'],
};

interface Props {
  readonly seen: Seen;
  readonly run: RunProgress | null;
}

export function HeadlineCard({ seen: { status, at, trouble }, run }: Props): JSX.Element {
  const now = useNow();
  const isFresh = status !== null && trouble === null;
  const { kind, sentence } = status === null ? unknown : headline(status, run, now);
  // What was good when it was last seen is not known to be good now.
  const [icon, colour] = isFresh && kind !== 'unknown' ? signs[kind] : unknownSign;
  const name = overviewTexts.kinds[isFresh ? kind : 'unknown'];
  return (
    <section className="card plexsync-card plexsync-headline">
      <Working busy={status === null && trouble === null} />
      {trouble !== null && (
        <TroubleBox trouble={trouble} at={status === null ? null : at} onTry={lookAgain} />
      )}
      {status !== null && kind !== 'unknown' && (
        <div className="plexsync-headline-row">
          <p className="plexsync-sentence">
            <span className={colour}>
              <Icon icon={icon} />
            </span>{' '}
            <span className="sr-only">{name}: </span>
            {sentence}
          </p>
          <Actions status={status} kind={kind} />
        </div>
      )}
      {isFresh && kind === 'working' && run !== null && (
        <Progress share={run.share} label={overviewTexts.progressLabel} />
      )}
      <Spoken kind={name} sentence={trouble === null ? sentence : trouble.words} />
    </section>
  );
}

const unknown = { kind: 'unknown', sentence: '' } as const;
const unknownSign = [faQuestionCircle, 'text-muted'] as const;

const silentMs = 30_000;

/**
 * What a screen reader says. The sentence has times that change every second: it is said when the
 * state is another one, else every half minute at most.
 */
function Spoken({ kind, sentence }: { kind: string; sentence: string }): JSX.Element {
  const [spoken, setSpoken] = useState({ kind: '', sentence: '', at: 0 });
  useEffect(() => {
    const isNews = kind !== spoken.kind || Date.now() - spoken.at > silentMs;
    if (isNews && sentence !== spoken.sentence) setSpoken({ kind, sentence, at: Date.now() });
  }, [kind, sentence, spoken]);
  return (
    <div className="sr-only" aria-live="polite">
      {spoken.sentence}
    </div>
  );
}
