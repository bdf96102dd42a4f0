// The tab Coverage.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Coverage(): JSX.Element {
  return <h2 className="h5">{shellTexts.coverage}</h2>;
}
