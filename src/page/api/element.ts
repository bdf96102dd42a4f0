// What the build makes of JSX: one short name instead of React's own at each element, which is an
// eighth of the script's size.
import React from 'react';

export const element = React.createElement;
