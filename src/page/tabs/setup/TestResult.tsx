// Step 3: what the test of address and token says, plainly: who answers, or what was tried and why it
// failed most likely.
import React from 'react';
import { Button } from 'react-bootstrap';
import { faCheck, faExclamationTriangle, faTimes } from '@fortawesome/free-solid-svg-icons';
import type { HealthAnswer, HealthStep } from '../../../contract/health.ts';
import type { Loaded } from '../../live/useOperation.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { setupTexts } from '../../texts/setup.ts';
import type { Step } from './steps.ts';

const texts = setupTexts.test;
/** On the way to Plex, in their order; what comes after them is looked at in later steps. */
const asked = ['stash', 'plugin', 'settings', 'plex', 'token', 'owner'];

const ofTest = ({ steps }: HealthAnswer): readonly HealthStep[] =>
  steps.filter(({ name }) => asked.includes(name));

export function isPlexWell(answer: HealthAnswer): boolean {
  const ours = ofTest(answer);
  return ours.some(({ name }) => name === 'owner') && ours.every(({ state }) => isGood(state));
}

/** "Plex 1.41.0 answers at …. Plex takes the token; it calls itself …" */
export function plainAnswer({ steps }: HealthAnswer): string {
  return steps
    .filter(({ name }) => name === 'plex' || name === 'token')
    .map(({ finding }) => finding)
    .join(' ');
}

const isGood = (state: HealthStep['state']): boolean => state === 'ok' || state === 'warn';

interface Props {
  readonly health: Loaded<HealthAnswer>;
  readonly onStep: (step: Step) => void;
  readonly onNext: () => void;
}

export function TestResult({ health, onStep, onNext }: Props): JSX.Element {
  return (
    <>
      {health.busy && <p role="status">{texts.testing}</p>}
      <div role="status">
        <Shown of={health}>{(answer) => (health.busy ? null : <Steps answer={answer} />)}</Shown>
      </div>
      {!health.busy && health.data !== null && (
        <div className="plexsync-toolbar mb-0">
          {isPlexWell(health.data) ? (
            <Button size="sm" onClick={onNext}>
              {setupTexts.next}
            </Button>
          ) : (
            <>
              <Button size="sm" onClick={() => onStep('plex')}>
                {texts.address}
              </Button>
              <Button size="sm" onClick={() => onStep('token')}>
                {texts.token}
              </Button>
            </>
          )}
          <Button size="sm" variant="secondary" onClick={health.reload}>
            {texts.again}
          </Button>
        </div>
      )}
    </>
  );
}

function Steps({ answer }: { readonly answer: HealthAnswer }): JSX.Element {
  const shown = ofTest(answer).filter(
    ({ name, state }) => !isGood(state) || ['plex', 'token', 'owner'].includes(name),
  );
  return (
    <ul className="plexsync-findings">
      {shown
        .filter(({ state }) => state !== 'skipped')
        .map(({ name, state, finding, wayOut }) => (
          <li key={name}>
            <Icon
              icon={state === 'ok' ? faCheck : state === 'warn' ? faExclamationTriangle : faTimes}
            />
            <span>
              {finding} {wayOut !== null && <strong>{wayOut}</strong>}
            </span>
          </li>
        ))}
    </ul>
  );
}
