// The tab Queue.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Queue(): JSX.Element {
  return <h2 className="h5">{shellTexts.queue}</h2>;
}
