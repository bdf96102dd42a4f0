// What the status tells of what goes both ways, in lines for a person. Nothing while it is off.
import type { ViewingStatus } from '../contract/viewing.ts';

export function viewingLines(viewing: ViewingStatus): readonly string[] {
  if (viewing === null) return [];
  const { fields, lastAt, nextAt, toStash, toPlex, conflicts } = viewing;
  const last = lastAt === null ? 'not compared yet' : `compared last at ${moment(lastAt)}`;
  const next = nextAt === null ? 'under way' : `next at ${moment(nextAt)}`;
  return [
    `Both ways (${fields.join(', ')}): ${last}, ${next}. In the last day ${toStash} to Stash, ${toPlex} to Plex, ${conflicts} where both had changed.`,
  ];
}

function moment(at: number): string {
  return new Date(at).toISOString();
}
