// The tab Overview.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Overview(): JSX.Element {
  return <h2 className="h5">{shellTexts.overview}</h2>;
}
