// How long somebody has waited: at first nothing is shown for it, then a quiet sign, then words.
import { useEffect, useState } from 'react';

export type Waiting = 'no' | 'quiet' | 'words';

const quietAfterMs = 300;
const wordsAfterMs = 5_000;

export function useWaiting(busy: boolean): Waiting {
  const [waiting, setWaiting] = useState<Waiting>('no');
  useEffect(() => {
    if (!busy) return;
    const quiet = window.setTimeout(() => setWaiting('quiet'), quietAfterMs);
    const words = window.setTimeout(() => setWaiting('words'), wordsAfterMs);
    return () => {
      window.clearTimeout(quiet);
      window.clearTimeout(words);
      setWaiting('no');
    };
  }, [busy]);
  return waiting;
}
