// The setup for the first time: seven steps, one open at a time, each with its result. Before the
// first setting is saved PlexSync is paused for the setup, so that saving does not start it.
import React, { useCallback } from 'react';
import { Alert, Button } from 'react-bootstrap';
import { faCheck } from '@fortawesome/free-solid-svg-icons';
import { useAction } from '../../action/useAction.tsx';
import { pluginApi } from '../../api/pluginApi.ts';
import { useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { lookAgain } from '../../live/statusStore.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { call } from '../../operation/call.ts';
import { Icon } from '../../parts/Icon.tsx';
import type { Saved, Values } from '../../settings/store.ts';
import type { SaveStep } from './saveStep.ts';
import { setupTexts as texts } from '../../texts/setup.ts';
import { FirstSync } from './FirstSync.tsx';
import { Libraries } from './Libraries.tsx';
import { Mappings } from './Mappings.tsx';
import { PlexAddress } from './PlexAddress.tsx';
import { isBefore, type Step, stepNow, steps } from './steps.ts';
import { isPlexWell, plainAnswer, TestResult } from './TestResult.tsx';
import { Token } from './Token.tsx';
import { Trial } from './Trial.tsx';

interface Props {
  readonly values: Values;
  readonly save: (change: Values, shown: Values | null) => Promise<Saved>;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
}

const textOf = (values: Values, key: string): string => {
  const value = values[key];
  return typeof value === 'string' ? value : '';
};

/** There is nothing to change about a test and what was found. */
const nameOf = (step: Step): string =>
  step === 'test' || step === 'paths' || step === 'trial' ? texts.look : texts.change;

export function Wizard({ values, save, onBegin, onEnd }: Props): JSX.Element {
  const [address, change] = useAddressState();
  const { status } = useSeenStatus();
  const { act, busy, dialog } = useAction();
  const toasts = pluginApi().hooks.useToast();
  const url = textOf(values, 'plexUrl');
  const hasToken = textOf(values, 'plexToken') !== '';
  const health = useOperation('health', {}, { off: url === '' || !hasToken });
  const isWell = !health.busy && health.data !== null && isPlexWell(health.data);
  const now = stepNow({ hasUrl: url !== '', hasToken, isWell, wanted: address['step'] });
  const go = (step: Step | ''): void => change({ step });

  const isHeld = status?.paused?.setup === true;

  const saveStep: SaveStep = useCallback(
    async (wanted) => {
      const told = (trouble: { readonly words: string; readonly wayOut: string }): false => {
        const content = `${trouble.words} ${trouble.wayOut}`;
        toasts.toast({ content, variant: 'danger', delay: 10_000 });
        return false;
      };
      if (!isHeld) {
        const paused = await call('pause', { setup: true });
        if (paused === null) return false;
        if (paused.kind === 'trouble') return told(paused.trouble);
        onBegin();
        lookAgain();
      }
      const saved = await save(wanted, null);
      return saved.kind === 'trouble' ? told(saved.trouble) : true;
    },
    [isHeld, save, onBegin, toasts],
  );
  const ended = (): void => {
    change({ step: '' });
    onEnd();
  };
  const finish = (): void => act({ name: 'resume', args: { setup: true }, done: ended });

  const body = (step: Step): JSX.Element => {
    switch (step) {
      case 'plex':
        return <PlexAddress url={url} save={saveStep} onSaved={() => (health.reload(), go(''))} />;
      case 'token':
        return (
          <Token hasToken={hasToken} save={saveStep} onSaved={() => (health.reload(), go(''))} />
        );
      case 'test':
        return <TestResult health={health} onStep={go} onNext={() => go('libraries')} />;
      case 'libraries':
        return (
          <Libraries
            chosen={textOf(values, 'plexLibraries')}
            save={saveStep}
            onSaved={() => go('paths')}
          />
        );
      case 'paths':
        return (
          <>
            <p className="text-muted">{texts.paths.help}</p>
            <Mappings />
            <Button size="sm" onClick={() => go('trial')}>
              {texts.next}
            </Button>
          </>
        );
      case 'trial':
        return <Trial onNext={() => go('first')} />;
      case 'first':
        return (
          <FirstSync
            since={status?.paused?.since ?? null}
            onEnd={finish}
            onEnded={ended}
            busy={busy}
          />
        );
    }
  };

  const results: Partial<Record<Step, string>> = {
    plex: url,
    ...(hasToken ? { token: texts.token.saved } : {}),
    ...(isWell && health.data !== null ? { test: plainAnswer(health.data) } : {}),
    libraries: textOf(values, 'plexLibraries') || texts.libraries.all,
  };
  return (
    <>
      {dialog}
      <h2 className="h5">{texts.heading}</h2>
      {isHeld ? (
        <Alert variant="warning" className="plexsync-trouble">
          <span>{texts.held}</span>
          <Button size="sm" variant="secondary" title={texts.leaveHelp} onClick={finish}>
            {texts.leave}
          </Button>
        </Alert>
      ) : (
        <p className="text-muted">{texts.intro}</p>
      )}
      <ol className="plexsync-steps">
        {steps.map((step, index) => (
          <li
            key={step}
            className="card plexsync-card"
            aria-current={step === now ? 'step' : undefined}
          >
            <div className="plexsync-step">
              <h3 className="h6">
                {index + 1}. {texts.steps[step]}
              </h3>
              {isBefore(step, now) && (
                <>
                  <span className="text-muted plexsync-step-result">
                    <Icon icon={faCheck} /> {results[step] ?? texts.done}
                  </span>
                  <Button
                    size="sm"
                    variant="secondary"
                    aria-label={`${nameOf(step)}: ${texts.steps[step]}`}
                    onClick={() => go(step)}
                  >
                    {nameOf(step)}
                  </Button>
                </>
              )}
            </div>
            {step === now && <div className="plexsync-step-body">{body(step)}</div>}
          </li>
        ))}
      </ol>
    </>
  );
}
