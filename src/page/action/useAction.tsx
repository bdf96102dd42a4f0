// What a button does: one operation, asked about before where it cannot be undone, answered by a
// toast with what PlexSync says was done, or why not.
import React, { useCallback, useEffect, useRef, useState } from 'react';
import { pluginApi } from '../api/pluginApi.ts';
import { lookAgain } from '../live/statusStore.ts';
import { call } from '../operation/call.ts';
import type { ActionAnswerOf, ActionName, Arguments } from '../operation/table.ts';
import { ConfirmDialog, type Question } from './ConfirmDialog.tsx';

interface Wanted<Name extends ActionName> {
  readonly name: Name;
  readonly args?: Arguments;
  /** Asked before it is done. */
  readonly ask?: Question;
  /** After it was done. */
  readonly done?: (answer: ActionAnswerOf<Name>) => void;
}

export interface Acting {
  readonly act: <Name extends ActionName>(wanted: Wanted<Name>) => void;
  /** One is under way: buttons are disabled meanwhile. */
  readonly busy: boolean;
  /** To be rendered anywhere: the question, while it is asked. */
  readonly dialog: JSX.Element | null;
}

interface Asking {
  readonly question: Question;
  readonly accept: () => void;
}

export function useAction(): Acting {
  const toasts = pluginApi().hooks.useToast();
  const shown = useRef(toasts);
  shown.current = toasts;
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);

  /** What was pressed. A button that is disabled for a moment loses the focus: it gets it back. */
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    const { current } = pressed;
    if (busy || asking !== null || !(current instanceof HTMLElement)) return;
    pressed.current = null;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && current.isConnected) current.focus();
  }, [busy, asking]);

  const perform = useCallback(async <Name extends ActionName>(wanted: Wanted<Name>) => {
    const { name, args = {}, done } = wanted;
    setBusy(true);
    const outcome = await call(name, args);
    setBusy(false);
    if (outcome === null) return;
    if (outcome.kind === 'trouble') {
      const { words, wayOut } = outcome.trouble;
      shown.current.toast({ content: `${words} ${wayOut}`, variant: 'danger', delay: 10_000 });
      return;
    }
    shown.current.success(outcome.answer.sentence);
    done?.(outcome.answer);
    lookAgain();
  }, []);

  const act = useCallback(
    <Name extends ActionName>(wanted: Wanted<Name>): void => {
      pressed.current = document.activeElement;
      if (wanted.ask === undefined) return void perform(wanted);
      setAsking({ question: wanted.ask, accept: () => void perform(wanted) });
    },
    [perform],
  );
  const dialog =
    asking === null ? null : (
      <ConfirmDialog
        question={asking.question}
        onAccept={() => {
          setAsking(null);
          asking.accept();
        }}
        onCancel={() => setAsking(null)}
      />
    );
  return { act, busy, dialog };
}
