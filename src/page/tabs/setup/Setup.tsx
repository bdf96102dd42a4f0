// The tab Setup.
import React from 'react';
import { shellTexts } from '../../texts/shell.ts';

export function Setup(): JSX.Element {
  return <h2 className="h5">{shellTexts.setup}</h2>;
}
