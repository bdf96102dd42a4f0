// Reads the `Retry-After` header in all the forms that HTTP allows (RFC 9110, sections 10.2.3 and
// 5.6.7): seconds, and three ways of writing a date.

const imfDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const rfc850Date = /^[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const asctimeDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long the server asked to be left alone, in milliseconds from `nowMs` (Unix milliseconds);
 * 0 for a date that has passed, undefined where the header is absent or makes no sense.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = parseHttpDate(text);
  return at === undefined ? undefined : Math.max(0, at - nowMs);
}

function parseHttpDate(text: string): number | undefined {
  let at = Number.NaN;
  if (imfDate.test(text) || rfc850Date.test(text)) at = Date.parse(text);
  // This oldest form names no zone and means GMT; `Date.parse` would take it for local time.
  else if (asctimeDate.test(text)) at = Date.parse(`${text} GMT`);
  return Number.isNaN(at) ? undefined : at;
}
