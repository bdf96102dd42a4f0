// The tab History.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function History(): JSX.Element {
  return <h2 className="h5">{shellTexts.history}</h2>;
}
