// The outages for a terminal: the sentence, and a line for each. Of the cause the code stands there:
// its words begin with Plex's address, and a line has no room for more than that.
import type { OutagesAnswer } from '../contract/outages.ts';
import { duration } from '../domain/base/durationWords.ts';
import { clockTime, columns, plain, type Screen, wrapped } from './text.ts';

export function outageLines(
  { sentence, outages }: OutagesAnswer,
  screen: Screen,
): readonly string[] {
  const cells = outages.map((outage) => [
    String(outage.id),
    clockTime(outage.beganAt),
    endOf(outage),
    duration(outage.durationMs),
    String(outage.jobs),
    String(outage.probes),
    outage.code ?? plain(outage.cause),
  ]);
  const head = ['no.', 'from', 'to', 'lasted', 'waited', 'probes', 'cause'];
  return [
    ...wrapped(sentence, screen),
    ...(cells.length === 0 ? [] : ['', ...columns([head, ...cells], screen, { 6: 'end' })]),
  ];
}

/** The day only where it is another one. */
function endOf({ beganAt, endedAt }: OutagesAnswer['outages'][number]): string {
  if (endedAt === null) return 'now';
  const [from, to] = [clockTime(beganAt), clockTime(endedAt)];
  const [day = '', time = ''] = to.split(' ');
  return from.startsWith(day) ? time : to;
}
