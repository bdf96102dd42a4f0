// The tab Problems.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Problems(): JSX.Element {
  return <h2 className="h5">{shellTexts.problems}</h2>;
}
