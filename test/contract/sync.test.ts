import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/contract/arguments.ts';
import { processArguments, syncChangedArguments } from '../../src/contract/sync.ts';

const sinceOf = (since: unknown): unknown => readArguments(syncChangedArguments, { since }).since;

describe('the time since which scenes are synced', () => {
  it.each([
    [24, { hours: 24 }],
    ['1.5', { hours: 1.5 }],
    ['2026-11-21T10:00:00Z', { at: Date.UTC(2026, 10, 21, 10) }],
    ['2026-11-21T10:00+02:00', { at: Date.UTC(2026, 10, 21, 8) }],
    [' 2026-11-21 ', { at: new Date(2026, 10, 21).getTime() }],
    ['2026-11-21T10:30', { at: new Date(2026, 10, 21, 10, 30).getTime() }],
  ])('may be %j', (given, meant) => {
    expect(sinceOf(given)).toEqual(meant);
  });

  it('may be left out', () => {
    expect(readArguments(syncChangedArguments, {})).toEqual({});
  });

  it.each([
    0,
    -1,
    Number.NaN,
    1e9,
    '',
    'yesterday',
    '2026-13-01',
    '2026-11-21T25:00',
    '21.11.2026',
    null,
    {},
    [],
    true,
  ])('is refused in words if it is %j', (given) => {
    expect(() => sinceOf(given)).toThrow(/^The argument "since" must be a number of hours/);
  });
});

it('what a continuation brings along is checked', () => {
  expect(readArguments(processArguments, {})).toEqual({ continued: false, done: 0 });
  expect(() => readArguments(processArguments, { done: -1 })).toThrow('"done"');
  expect(() => readArguments(processArguments, { continued: 'yes' })).toThrow('"continued"');
});
