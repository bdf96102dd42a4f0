// The page about causes says what the program says.
import { expect, it } from 'vitest';
import { causeOf, causeOfWaiting, waitingReasons } from '../../src/contract/causes.ts';
import { errorCodes } from '../../src/contract/errors.ts';
import { rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/causes.md');

it.each([
  ['Why a change failed', errorCodes, causeOf],
  ['Why a scene has no Plex item', waitingReasons, causeOfWaiting],
] as const)(
  'the page about causes has, under "%s", each code with its words',
  (heading, codes, of) => {
    const wanted = codes.map((code) => [`\`${code}\``, of(code).meaning, of(code).wayOut]);
    expect(rowsOf(sectionOf(page, heading), /^`/)).toEqual(wanted);
  },
);
