// An icon of Stash's own set, drawn here: Stash has its component for that only since v0.31.
import React from 'react';
import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';

interface Props {
  readonly icon: IconDefinition;
  readonly className?: string;
}

/** Never alone: words stand beside it, or a label on what it is in. */
export function Icon({ icon, className = '' }: Props): JSX.Element {
  const [width, height, , , paths] = icon.icon;
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      className={`svg-inline--fa plexsync-icon ${className}`}
      viewBox={`0 0 ${width} ${height}`}
    >
      {(typeof paths === 'string' ? [paths] : paths).map((path) => (
        <path key={path} fill="currentColor" d={path} />
      ))}
    </svg>
  );
}
