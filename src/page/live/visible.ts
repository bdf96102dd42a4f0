// Whether anybody can see the page: a tab in the background asks nothing.
import { useEffect, useState } from 'react';

export const isVisible = (): boolean => document.visibilityState === 'visible';

/** @returns ends it */
export function onVisibility(tell: () => void): () => void {
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
}

export function useVisible(): boolean {
  const [visible, setVisible] = useState(isVisible);
  useEffect(() => onVisibility(() => setVisible(isVisible())), []);
  return visible;
}
