// Data of one operation for a component: asked for once, again when the arguments change, and live
// (when the status has changed) while it is looked at. What is known stays on the screen until
// something newer is there; after trouble it stays, too, and is told to be old.
import { useCallback, useEffect, useRef, useState } from 'react';
import { stashNow } from '../api/clock.ts';
import { call } from '../operation/call.ts';
import type { AnswerOf, Arguments, OperationName } from '../operation/table.ts';
import type { Trouble } from '../operation/trouble.ts';
import { useSeenStatus } from './useStatus.ts';
import { useVisible } from './visible.ts';

export interface Loaded<T> {
  readonly data: T | null;
  /** Unix ms of Stash's machine, of the answer that `data` is. */
  readonly at: number | null;
  /** Why the last question gave no answer; null if it did, or while the first is under way. */
  readonly trouble: Trouble | null;
  /** A question is under way that a person waits for: the first, one of other arguments, a reload. */
  readonly busy: boolean;
  readonly reload: () => void;
}

interface Options {
  /** Asked again when the status changes: every three seconds at most, or so many milliseconds. */
  readonly live?: boolean | number;
  /** Of a live one: when this is another word, the next question is asked at once. */
  readonly moment?: string;
  /** Not asked at all. */
  readonly off?: boolean;
}

const usualLiveMs = 3_000;

interface Asked {
  readonly key: string;
  readonly round: number;
  /** Of the status at that time. */
  readonly revision: string | null;
  readonly moment: string;
  /** Unix ms. */
  readonly at: number;
}

export function useOperation<Name extends OperationName>(
  name: Name,
  args: Arguments = {},
  { live = false, moment = '', off = false }: Options = {},
): Loaded<AnswerOf<Name>> {
  type Known = Pick<Loaded<AnswerOf<Name>>, 'data' | 'at' | 'trouble'>;
  const [known, setKnown] = useState<Known>({ data: null, at: null, trouble: null });
  const [round, setRound] = useState(0);
  /** The last question that is over. */
  const [over, setOver] = useState<Asked | null>(null);
  const [isQuiet, setQuiet] = useState(false);
  const visible = useVisible();
  const revision = useSeenStatus().status?.revision ?? null;
  const latest = useRef({ revision, moment });
  latest.current = { revision, moment };
  const key = JSON.stringify(args);

  useEffect(() => {
    if (off) return;
    const control = new AbortController();
    const asked: Asked = { key, round, ...latest.current, at: Date.now() };
    const given: Arguments = JSON.parse(key) as Arguments;
    void call(name, given, control.signal).then((outcome) => {
      if (outcome === null || control.signal.aborted) return;
      setOver(asked);
      if (outcome.kind === 'trouble') setKnown((old) => ({ ...old, trouble: outcome.trouble }));
      else setKnown({ data: outcome.answer, at: stashNow(), trouble: null });
    });
    return () => control.abort();
  }, [name, key, round, off]);

  const isOver = off || (over?.key === key && over.round === round);
  // Another status may mean other rows. One question at a time: a slow one is not called off for it.
  useEffect(() => {
    if (
      live === false ||
      off ||
      !visible ||
      !isOver ||
      revision === null ||
      over?.revision === revision
    ) {
      return;
    }
    const waitMs = live === true ? usualLiveMs : live;
    const timer = window.setTimeout(
      () => {
        setQuiet(true);
        setRound((number) => number + 1);
      },
      over?.moment === moment ? Math.max(0, over.at + waitMs - Date.now()) : 0,
    );
    return () => window.clearTimeout(timer);
  }, [live, moment, off, visible, isOver, revision, over]);

  const reload = useCallback(() => {
    setQuiet(false);
    setRound((number) => number + 1);
  }, []);
  const isAwaited = !isOver && (!isQuiet || over?.key !== key);
  return { ...known, busy: isAwaited, reload };
}
