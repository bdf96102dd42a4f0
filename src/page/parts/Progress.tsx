// How much of something is done, as a bar.
import React from 'react';

interface Props {
  /** 0 to 1 */
  readonly share: number;
  /** Of what. */
  readonly label: string;
}

export function Progress({ share, label }: Props): JSX.Element {
  const percent = Math.round(share * 100);
  return (
    <div className="progress plexsync-progress">
      <div
        className="progress-bar"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
