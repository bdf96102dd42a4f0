// The time for what is told relative to it: "in 12 s", "2 minutes ago".
import { useEffect, useState } from 'react';
import { stashNow } from '../api/clock.ts';
import { isVisible } from './visible.ts';

/** Unix ms by the clock of Stash's machine; renders anew every second while it is seen. */
export function useNow(): number {
  const [now, setNow] = useState(stashNow);
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (isVisible()) setNow(stashNow());
    }, 1_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
