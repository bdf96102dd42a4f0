// The text of a setting that says how a title is put together, e.g. "{studio} - {title} ({date})".
import { nearest } from './nearest.ts';

/** What a template may name in braces. */
export const templateNames = ['title', 'studio', 'date', 'performers', 'code'] as const;
export type TemplateName = (typeof templateNames)[number];

/**
 * A piece of a template. A group is what stands between a pair of brackets of the person's, with
 * them: it vanishes whole where everything in it is empty.
 */
export type TemplatePiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: TemplateName }
  | {
      readonly kind: 'group';
      readonly open: string;
      readonly pieces: Template;
      readonly close: string;
    };
export type Template = readonly TemplatePiece[];

export interface TemplateCheck {
  readonly template: Template;
  readonly problems: readonly string[];
}

/** Longest template that is taken, in characters. */
export const longestTemplate = 200;

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
]);

/** The pieces in the order written; every problem says what would do. */
export function parseTemplate(text: string): TemplateCheck {
  if (text.length > longestTemplate) {
    const message = `is longer than ${longestTemplate} characters.`;
    return { template: [], problems: [message] };
  }
  const problems: string[] = [];
  const names: string[] = [];
  // Braces first: what stands between them is a name, whatever brackets are in it.
  const tokens = text.split(/(\{[^{}]*\})/).flatMap((token): TemplatePiece[] => {
    if (!/^\{.*\}$/s.test(token)) {
      if (/[{}]/.test(token)) problems.push('has a brace without its counterpart.');
      return token.split('').map((character) => ({ kind: 'text', text: character }));
    }
    const typed = token.slice(1, -1).trim();
    names.push(typed);
    const name = templateNames.find((known) => known === typed.toLowerCase());
    if (name !== undefined) return [{ kind: 'name', name }];
    problems.push(unknownName(typed));
    return [];
  });
  if (names.length === 0) {
    problems.push('names nothing of the scene, so that all would be called the same. Use {title}.');
  }
  return { template: grouped(tokens), problems };
}

function unknownName(typed: string): string {
  const meant = nearest(typed, templateNames);
  const hint = meant === null || typed === '' ? '' : ` Did you mean {${meant}}?`;
  const known = templateNames.map((name) => `{${name}}`).join(', ');
  return `has {${typed.slice(0, 40)}}, which is not known.${hint} There are ${known}.`;
}

/** Puts what stands between matching brackets into groups, and letters together into texts. */
function grouped(tokens: readonly TemplatePiece[]): Template {
  const pieces: TemplatePiece[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const end = token.kind === 'text' ? closingAt(tokens, at, token.text) : null;
    const last = pieces.at(-1);
    if (token.kind === 'text' && end !== null) {
      pieces.push({
        kind: 'group',
        open: token.text,
        pieces: grouped(tokens.slice(at + 1, end)),
        close: closing.get(token.text) ?? '',
      });
      at = end;
    } else if (token.kind === 'text' && last?.kind === 'text') {
      pieces[pieces.length - 1] = { kind: 'text', text: last.text + token.text };
    } else pieces.push(token);
  }
  return pieces;
}

/** Where the bracket that opens at `at` closes; null for another character or an unpaired one. */
function closingAt(tokens: readonly TemplatePiece[], at: number, open: string): number | null {
  const close = closing.get(open);
  if (close === undefined) return null;
  let depth = 0;
  for (let next = at; next < tokens.length; next += 1) {
    const token = tokens[next];
    if (token?.kind !== 'text') continue;
    if (token.text === open) depth += 1;
    if (token.text === close) depth -= 1;
    if (depth === 0) return next;
  }
  return null;
}
