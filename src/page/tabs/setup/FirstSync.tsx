// Step 7: what a full sync would do, counted by a dry run, and the choice to start it or to leave it.
// Either ends the setup.
import React, { useEffect, useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import { duration } from '../../../domain/base/durationWords.ts';
import { useAction } from '../../action/useAction.tsx';
import { useOperation } from '../../live/useOperation.ts';
import { call } from '../../operation/call.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import type { Trouble } from '../../operation/trouble.ts';
import { Shown, TroubleBox } from '../../parts/Shown.tsx';
import { setupTexts } from '../../texts/setup.ts';
import { figuresOf, timeOf } from './firstFigures.ts';

const texts = setupTexts.first;

/** Less is not worth a figure. */
const shortMs = 10_000;

interface Props {
  /** Unix ms at which the setup began: an older count is worth nothing. */
  readonly since: number | null;
  readonly busy: boolean;
  /** Ends the setup. */
  readonly onEnd: () => void;
  /** It was ended here. */
  readonly onEnded: () => void;
}

export function FirstSync({ since, busy, onEnd, onEnded }: Props): JSX.Element {
  const gaps = useOperation('gaps', { limit: 1 }, { live: true });
  const { status } = useSeenStatus();
  const { act, busy: isActing, dialog } = useAction();
  const { data, reload } = gaps;
  const run = data?.runs.find(({ dry, begunAt }) => dry && begunAt >= (since ?? 0)) ?? null;
  const isIdle = data !== null && !data.runs.some(({ state }) => state === 'running');
  const count = (): void => act({ name: 'reconcile', args: { dry: true }, done: reload });
  const begun = useRef(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    if (begun.current || run !== null || !isIdle) return;
    begun.current = true;
    // Nobody pressed a button: no toast for it.
    void call('reconcile', { dry: true }).then((outcome) => {
      setTrouble(outcome?.kind === 'trouble' ? outcome.trouble : null);
      reload();
    });
  });
  const again = (): void => {
    setTrouble(null);
    begun.current = false;
  };
  const isRunning = run === null ? trouble === null : run.state === 'running';
  const figures = run === null ? null : figuresOf(run);
  const time = status === null || figures === null ? null : timeOf(figures, status.averages);
  return (
    <>
      {dialog}
      <p className="text-muted">{texts.help}</p>
      {trouble !== null && run === null && <TroubleBox trouble={trouble} at={null} onTry={again} />}
      <Shown of={gaps}>
        {() =>
          isRunning || figures === null || run === null ? (
            <p role="status">{isRunning && texts.counting(run?.scenes ?? 0)}</p>
          ) : (
            <ul className="plexsync-sentences">
              {run.state === 'stopped' && <li>{texts.stopped}</li>}
              {[
                texts.looked(run.scenes),
                ...(figures.toPush === 0 ? [texts.nothing] : []),
                ...(figures.titles > 0 ? [texts.replaces(figures.titles)] : []),
                ...(figures.empty > 0 ? [texts.fills(figures.empty)] : []),
                ...(figures.others > 0 ? [texts.others(figures.others)] : []),
                ...(figures.kept > 0 ? [texts.keeps(figures.kept)] : []),
                ...(run.covers > 0 ? [texts.pictures(run.covers)] : []),
                ...(figures.missing > 0 ? [texts.missing(figures.missing)] : []),
                ...(time === null
                  ? []
                  : [texts.time(time < shortMs ? texts.moment : duration(time))]),
              ].map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )
        }
      </Shown>
      <div className="plexsync-toolbar mb-0">
        <Button
          size="sm"
          disabled={busy || isActing || isRunning}
          // In one: whoever closes the page now has the sync all the same.
          onClick={() => act({ name: 'sync-all', args: { endSetup: true }, done: onEnded })}
        >
          {texts.begin(run?.scenes ?? 0)}
        </Button>
        <Button size="sm" variant="secondary" disabled={busy} onClick={onEnd}>
          {texts.later}
        </Button>
        {!isRunning && (
          <Button size="sm" variant="secondary" disabled={isActing} onClick={count}>
            {texts.countAgain}
          </Button>
        )}
        <span className="text-muted small">{texts.laterHelp}</span>
      </div>
    </>
  );
}
