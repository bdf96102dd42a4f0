// The health check for a terminal: a line for each step, and below it what to do.
import type { HealthAnswer, HealthStep } from '../contract/health.ts';
import { plain } from './text.ts';

const marks: Readonly<Record<HealthStep['state'], string>> = {
  ok: 'ok  ',
  warn: 'look',
  fail: 'FAIL',
  skipped: '-   ',
};

export function healthLines({ steps, sentence }: HealthAnswer): readonly string[] {
  return [
    ...steps.flatMap(({ state, name, finding, wayOut }) => [
      `${marks[state]}  ${name}: ${plain(finding)}`,
      ...(wayOut === null ? [] : [`      → ${plain(wayOut)}`]),
    ]),
    '',
    plain(sentence),
  ];
}
