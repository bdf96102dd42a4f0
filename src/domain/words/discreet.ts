// Takes out of texts what an issue report must not hold: names, paths, addresses, and whatever may be a
// token. First what is known of this installation, as it stands; then what has the form of such a thing,
// in doubt too much of it. Pure.
import { openLiterals, type Known } from './knownWords.ts';

export interface Discreet {
  /** A text for a person, with its names, paths and addresses gone. */
  readonly text: (text: string) => string;
  /** The same for every text in a document, whatever its form. */
  readonly all: (value: unknown) => unknown;
}

/** No message of PlexSync's is longer; a search may take the square of it. */
const longest = 4_000;

export function openDiscreet(known: Known): Discreet {
  const literals = openLiterals(known);
  const text = (given: string): string =>
    literals.shown(
      literals
        .hide(given.slice(0, longest))
        .replace(/(?!file:)\b[a-z][a-z0-9+.-]*:\/\/[^\s)"'“”]+/gi, '<address>')
        .replace(foreign, '$1<…>')
        .replace(/"[^"]*"|“[^”]*”/g, '<name>')
        .split('\n')
        .map((line) => withoutPaths(line, literals.path))
        .join('\n')
        .replace(/[^\s@<>]+@[^\s@<>]+/g, '<address>')
        .replace(/\b(Plex|Stash|answers) at [^\s<]+?([.:,;)]*)(?=\s|$)/g, '$1 at <address>$2')
        .replace(/\b(ENOTFOUND|EAI_\w+|E(?:CONN|HOST|NET)\w+|ETIMEDOUT) [^\s<]+/g, '$1 <address>')
        .replace(/\[[\w.%-]*:[\w:.%-]*\](?::\d+)?/g, '<address>')
        .replace(bareIpv6, '<address>')
        .replace(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '<address>')
        .replace(hostAndPort, (all) => (isTime(all) || ownFile.test(all) ? all : '<address>'))
        .replace(dotted, (all) => (harmless.test(all) ? all : '<name>'))
        .replace(secretLike, '<…>'),
    );
  const all = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(all);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, valueOf(key, of)]));
  };
  const valueOf = (key: string, of: unknown): unknown => {
    if (typeof of !== 'string') return all(of);
    if (names.includes(key)) return '<name>';
    return stable.includes(key) && /^[a-z]+(?:-[a-z]+)*$/.test(of) ? of : text(of);
  };
  return { text, all };
}

/** Keys whose texts are names and nothing else. */
const names: readonly string[] = ['host', 'about', 'library'];
/** Keys whose texts are words of PlexSync's. */
const stable: readonly string[] = ['code', 'kind', 'circuit', 'origin', 'phase'];

/** What Stash has to say is anything, in any number of lines: that it failed is told, and the code. */
const foreign = /(Stash could not (?:answer|read [^:\n]*): )[^]*/;

const script = '(?:launch|supervise|claim|fetch|runtime|no-node)\\.sh';
const ownFile = new RegExp(
  `(?:(?:plex-sync|lib-[a-z][\\w-]{0,40})\\.cjs|${script})(?::\\d+)*$`,
  'i',
);
/** Dotted words of PlexSync's and of everybody's. */
const harmless = new RegExp(
  `^(?:plex-sync\\.(?:db|log|cjs|yml)|lib-[a-z][\\w-]{0,40}\\.cjs|${script}|outage\\.json|supervisor\\.log|settings\\.json|config\\.yml|beside\\.md|plex\\.tv|pypi\\.org|nodejs\\.org|node\\.js)$`,
  'i',
);

const hostAndPort =
  /(?<![\p{L}\p{N}_.:<>-])[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?(?::\d{1,5})+(?![\p{L}\p{N}])/giu;
const dotted =
  /(?<![\p{L}\p{N}_.@<-])(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}-]*(?![\p{L}\p{N}_-])/giu;
const bareIpv6 =
  /(?<![\w:.-])(?=[\da-f:.]*:[\da-f:.]*:)[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:\.\d+){0,3}(?:%[\w.-]+)?/gi;
/** Longer runs of these characters may be a token, a key or a hash. */
const secretLike = /(?<![\w-])(?=[\w-]*\d)[\w-]{16,}(?![\w-]|\.cjs:)|(?<!\w)\w{20,}(?!\w)/g;

function isTime(text: string): boolean {
  return /^(?:\d{4}-\d\d-\d\dT)?\d{1,2}(?::\d\d){1,2}$/.test(text);
}

/** Where a path may begin: of a drive, a share, a home, the root, or of two folders in a row. */
const begins =
  /file:\/\/|(?<![\p{L}\p{N}])[a-z]:[\\/]|\\\\|(?<![\p{L}\p{N}_<>/])[~.]{0,2}\/(?=[^\s/])|(?<![^\s"'(“])(?:[^\s"'(“\\/]+[\\/]){2,}/iu;
const closing: Readonly<Record<string, string>> = {
  "'": "'",
  '"': '"',
  '`': '`',
  '(': ')',
  '“': '”',
};

/**
 * Folders have blanks in their names, so that nothing tells where a path ends but what encloses it: else
 * the rest of the line goes with it.
 * @param path stands for a folder that is known
 */
function withoutPaths(line: string, path: string): string {
  const known = line.indexOf(path);
  const found = begins.exec(line)?.index ?? -1;
  const start = known === -1 || (found !== -1 && found < known) ? found : known;
  if (start === -1) return line;
  const closer = closing[line.charAt(start - 1)];
  const last = closer === undefined ? -1 : line.lastIndexOf(closer);
  const end = last > start ? last : line.length;
  const told = toldOf(line.slice(start, end));
  return `${line.slice(0, start)}${told}${withoutPaths(line.slice(end), path)}`;
}

/** Of PlexSync's own program its file tells where it failed; of a Node, its version why it will not do. */
function toldOf(path: string): string {
  const own = /(?:^|[\\/])([^\\/]*)$/.exec(path)?.[1] ?? '';
  const file = ownFile.exec(own);
  if (file !== null && file.index === 0) return own;
  return ['<path>', ...(path.match(/\(v\d+(?:\.\d+){0,2}\)/g) ?? [])].join(' ');
}
