// The ids of the events that became one row of the queue, in one text: the first is the row's own, and
// after so many only their number is kept. So a push is found by the id of any event that it carries.

/** Characters of ids; some twenty of them. */
const longest = 400;

/**
 * SQL of the ids with one more.
 * @param ids an expression in SQL, as is `id`
 */
export function withId(ids: string, id: string): string {
  return `CASE
    WHEN instr(' ' || ${ids} || ' ', ' ' || ${id} || ' ') > 0 THEN ${ids}
    WHEN instr(${ids}, ' +') > 0 THEN substr(${ids}, 1, instr(${ids}, ' +') + 1)
      || (CAST(substr(${ids}, instr(${ids}, ' +') + 2) AS INTEGER) + 1)
    WHEN length(${ids}) > ${longest} THEN ${ids} || ' +1'
    ELSE ${ids} || ' ' || ${id} END`;
}

/** The ids that came after those of `done`; all, where the new ones were only counted. */
export function idsSince(ids: string, done: string): string {
  if (!ids.startsWith(`${done} `)) return ids;
  const rest = ids.slice(done.length + 1);
  return rest.startsWith('+') ? ids : rest;
}

/** @returns the row's own id, and the others as one text; null where there are none */
export function splitIds(ids: string): { readonly own: string; readonly also: string | null } {
  const end = ids.indexOf(' ');
  return end < 0 ? { own: ids, also: null } : { own: ids.slice(0, end), also: ids.slice(end + 1) };
}
