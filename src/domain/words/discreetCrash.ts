// Of an error that nobody foresaw: its kind, its code, and where in PlexSync it happened. Its message may
// quote anything. Pure.

const head = /^(\w{0,40}Error)(?: \[(\w{3,60})\])?(?:: (E[A-Z]{3,20}|SQLITE_\w{3,30})\b)?/;
const frame = /\b((?:plex-sync|lib-[a-z][\w-]{0,40})\.cjs:\d+:\d+)\)?$/i;

/** @param stack as V8 writes it, or a message alone */
export function crashOf(stack: string): string {
  const [first = '', ...rest] = stack.split('\n');
  const [, kind = 'an error', code, system] = head.exec(first) ?? [];
  const frames = rest.flatMap((line) => frame.exec(line)?.[1] ?? []);
  const what = [kind, code, system].filter((part) => part !== undefined).join(' ');
  return [what, ...frames.map((at) => `at ${at}`)].join(', ');
}
