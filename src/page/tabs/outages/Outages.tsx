// The tab Outages.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Outages(): JSX.Element {
  return <h2 className="h5">{shellTexts.outages}</h2>;
}
