// The outages for a terminal: the sentence, and a line for each.
import type { OutagesAnswer } from '../contract/outages.ts';
import { duration } from '../domain/durationWords.ts';
import { clockTime, columns, plain, type Screen, wrapped } from './text.ts';

export function outageLines(
  { sentence, outages }: OutagesAnswer,
  screen: Screen,
): readonly string[] {
  const cells = outages.map((outage) => [
    String(outage.id),
    clockTime(outage.beganAt),
    outage.endedAt === null ? 'now' : clockTime(outage.endedAt),
    duration(outage.durationMs),
    String(outage.jobs),
    String(outage.probes),
    outage.code ?? '',
    plain(outage.cause),
  ]);
  const head = ['no.', 'from', 'to', 'lasted', 'waited', 'probes', 'cause', ''];
  return [
    ...wrapped(sentence, screen),
    ...(cells.length === 0 ? [] : ['', ...columns([head, ...cells], screen, { 7: 'end' })]),
  ];
}
