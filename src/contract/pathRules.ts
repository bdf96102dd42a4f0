// The text of the setting `pathMappings`, e.g. "/data=>/media; D:\media=>/mnt/media", as rules.

export interface PathRule {
  /** Folder as Stash sees it, without a separator at its end unless it is a root: "/", "D:\". */
  readonly stash: string;
  /** The same folder as Plex sees it. */
  readonly plex: string;
}

export interface PathRulesCheck {
  readonly rules: readonly PathRule[];
  readonly problems: readonly string[];
}

/** Rules in the order written; each problem quotes the rule that has it. */
export function parsePathRules(text: string): PathRulesCheck {
  const rules: PathRule[] = [];
  const problems: string[] = [];
  for (const part of text.split(/[;\n]/)) {
    const rule = part.trim();
    if (rule === '') continue;
    const sides = rule.split('=>').map((side) => side.trim());
    const [stash, plex] = sides;
    if (sides.length !== 2 || stash === undefined || plex === undefined) {
      problems.push(`"${rule}" is not of the form /folder/in/stash=>/folder/in/plex`);
      continue;
    }
    const wrong = [stash, plex].find((side) => !isAbsolute(side));
    if (wrong !== undefined) {
      problems.push(`"${rule}": ${wrong === '' ? 'one side' : `"${wrong}"`} is not a full path`);
      continue;
    }
    rules.push({ stash: trimEnd(stash), plex: trimEnd(plex) });
  }
  return { rules, problems };
}

/** A POSIX path, a Windows drive or a network share. */
function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/]|\\\\[^\\/])/.test(path);
}

/** A root keeps its separator: without it "/" would be nothing, and "D:" not a full path. */
function trimEnd(path: string): string {
  if (/^\/+$/.test(path)) return '/';
  const isPosix = /^\/(?!\/[^/])/.test(path);
  const trimmed = path.replace(isPosix ? /\/+$/ : /[\\/]+$/, '');
  return trimmed.endsWith(':') ? path.slice(0, trimmed.length + 1) : trimmed;
}
