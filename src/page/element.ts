// What the build writes for each tag of JSX: a name of one letter in the finished script, where
// `React.createElement` would be a tenth of it.
import { createElement } from 'react';

export const element = createElement;
export { Fragment } from 'react';
