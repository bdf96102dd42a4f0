// Words of an installation that are known as they stand: they are hidden in a text before it is searched
// for what only has the form of an address or a path. Pure.

export interface Known {
  /** Names and addresses of machines. */
  readonly hosts: readonly string[];
  readonly folders: readonly string[];
  /** Of people, such as the user. */
  readonly names: readonly string[];
}

export interface Literals {
  hide(text: string): string;
  /** Stands for a folder in what `hide` gives back. */
  readonly path: string;
  /** What was hidden, by its kind. */
  shown(text: string): string;
}

/** No text has them: they are taken out first. */
const marks = { path: '\u0001', host: '\u0002', name: '\u0003' } as const;

/** They say nothing of anybody, and are words of every message. */
const common: ReadonlySet<string> = new Set(
  'plex stash plexsync plex-sync localhost root node nobody user admin docker server media home www http https com net org local lan'.split(
    ' ',
  ),
);

export function openLiterals({ hosts, folders, names }: Known): Literals {
  const marked = new Map<string, string>();
  const add = (word: string, mark: string): void => {
    const key = word.toLowerCase();
    if (key.length > 1 && !marked.has(key)) marked.set(key, mark);
  };
  for (const folder of folders.flatMap(spellings)) {
    if (/[^\\/.:]/.test(folder)) add(folder, marks.path);
  }
  for (const host of hosts) {
    const bare = host.trim().replace(/^\[|\]$/g, '');
    if (!isCommon(bare)) add(bare, marks.host);
    for (const part of partsOf(bare)) if (!isCommon(part)) add(part, marks.host);
  }
  for (const name of names) if (!isCommon(name)) add(name.trim(), marks.name);
  // The longest first: one may be the beginning of another.
  const words = [...marked.keys()].toSorted((a, b) => b.length - a.length);
  const search = words.length === 0 ? null : new RegExp(words.map(bounded).join('|'), 'giu');
  return {
    path: marks.path,
    hide: (text) => {
      const clean = text.replace(ourMarks, '');
      if (search === null) return clean;
      return clean.replace(search, (word) => marked.get(word.toLowerCase()) ?? marks.name);
    },
    shown: (text) =>
      text
        .replaceAll(marks.path, '<path>')
        .replaceAll(marks.host, '<address>')
        .replaceAll(marks.name, '<name>'),
  };
}

const ourMarks = new RegExp(`[${Object.values(marks).join('')}]`, 'g');

function isCommon(word: string): boolean {
  return common.has(word.trim().toLowerCase());
}

/** Of a name with dots each part but the last: it is told by its first one at home. */
function partsOf(host: string): readonly string[] {
  if (host.includes(':') || /^[\d.]+$/.test(host)) return [];
  return host
    .split('.')
    .slice(0, -1)
    .filter((part) => part.length > 2);
}

/** As it is, with slashes, in JSON and in an address. */
function spellings(folder: string): readonly string[] {
  const bare = folder.trim().replace(/[\\/]+$/, '');
  return [
    bare,
    bare.replaceAll('\\', '/'),
    bare.replaceAll('\\', '\\\\'),
    encodeURI(bare.toWellFormed()),
  ];
}

/** Not within another word: "ann" is none in "cannot". */
function bounded(word: string): string {
  const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const before = /^[\p{L}\p{N}]/u.test(word) ? '(?<![\\p{L}\\p{N}])' : '';
  const after = /[\p{L}\p{N}]$/u.test(word) ? '(?![\\p{L}\\p{N}])' : '';
  return `${before}${literal}${after}`;
}
