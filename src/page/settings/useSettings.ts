// The settings for components: read when they are shown, and again when the person comes back to the
// page, since another browser may have changed them.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { stashNow } from '../api/clock.ts';
import type { Loaded } from '../live/useOperation.ts';
import { useVisible } from '../live/visible.ts';
import type { Trouble } from '../operation/trouble.ts';
import { type Known, readSettings, type Saved, saveSettings, type Values } from './store.ts';

export interface Settings {
  readonly loaded: Loaded<Known>;
  readonly save: (change: Values, shown: Values | null) => Promise<Saved>;
}

interface State {
  readonly data: Known | null;
  readonly at: number | null;
  readonly trouble: Trouble | null;
}

export function useSettings(): Settings {
  const [state, setState] = useState<State>({ data: null, at: null, trouble: null });
  const [busy, setBusy] = useState(true);
  const [round, setRound] = useState(0);
  const visible = useVisible();
  useEffect(() => {
    if (!visible) return;
    let isWanted = true;
    void readSettings().then((outcome) => {
      if (!isWanted) return;
      setBusy(false);
      if (outcome.kind === 'trouble') setState((old) => ({ ...old, trouble: outcome.trouble }));
      else setState({ data: outcome.answer, at: stashNow(), trouble: null });
    });
    return () => {
      isWanted = false;
    };
  }, [visible, round]);
  const reload = useCallback(() => {
    setBusy(true);
    setRound((number) => number + 1);
  }, []);
  const save = useCallback(async (change: Values, shown: Values | null): Promise<Saved> => {
    const saved = await saveSettings(change, shown);
    if (saved.kind !== 'trouble') {
      const { values } = saved;
      setState((old) => (old.data === null ? old : { ...old, data: { ...old.data, values } }));
    }
    return saved;
  }, []);
  const loaded = useMemo(() => ({ ...state, busy, reload }), [state, busy, reload]);
  return { loaded, save };
}
