// The status for components: live where it is watched, else as somebody saw it last.
import { useEffect, useState } from 'react';
import { listen, type Seen, seenStatus, watch } from './statusStore.ts';

export function useSeenStatus(): Seen {
  const [seen, setSeen] = useState(seenStatus);
  useEffect(() => {
    setSeen(seenStatus());
    return listen(() => setSeen(seenStatus()));
  }, []);
  return seen;
}

/** Keeps it live as long as the component is there. */
export function useLiveStatus(): Seen {
  useEffect(watch, []);
  return useSeenStatus();
}
