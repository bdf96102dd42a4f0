// Takes out of texts and settings what an issue report must not hold: names, paths, addresses, and
// whatever may be a token. What is not known to be harmless goes.

/** Longer runs of these characters may be a token, a key or a hash. */
const secretLike = /(?<![\w-])(?=[\w-]*\d)[\w-]{16,}(?![\w-])|(?<!\w)\w{20,}(?!\w)/g;
const ownFile = /(?:[\w.-]+\.(?:cjs|sh)(?::\d+)*)$/;

/** A text for a person, with its names, paths and addresses gone. */
export function discreet(text: string): string {
  return (
    text
      .replace(/[a-z][a-z0-9+.-]*:\/\/[^\s)"'“”]+/gi, '<address>')
      .replace(/"[^"]*"|“[^”]*”/g, '<name>')
      // Of a path of PlexSync's own program its file is what tells where it failed.
      .replace(/(?:[a-z]:)?(?:[\\/][^\s\\/:;,()"']+){2,}(?::\d+)*/gi, pathWithout)
      .replace(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '<address>')
      .replace(secretLike, '<…>')
  );
}

function pathWithout(path: string): string {
  return ownFile.exec(path)?.[0] ?? '<path>';
}

/** The same for every text in a document, whatever its form. */
export function discreetAll(value: unknown): unknown {
  if (typeof value === 'string') return discreet(value);
  if (Array.isArray(value)) return value.map(discreetAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [
      key,
      names.includes(key) ? hidden(of) : discreetAll(of),
    ]),
  );
}

/** Keys whose texts are names and nothing else. */
const names: readonly string[] = ['host', 'about', 'library'];

function hidden(value: unknown): unknown {
  return typeof value === 'string' ? '<name>' : discreetAll(value);
}

const choices = /^(?:genre|label|off|never|hourly|daily|weekly|conservative|aggressive)$/i;
const fieldRules =
  /^[a-z]+\s*:\s*(?:mirror|fill|off)(?:\s*[,;]\s*[a-z]+\s*:\s*(?:mirror|fill|off))*$/i;
const placeholder = /\{(?:title|studio|date|performers|code)\}/g;
const lists: readonly string[] = [
  'plexLibraries',
  'includeTags',
  'excludeTags',
  'onlyWithTags',
  'neverWithTags',
];

/** What a setting is, as far as that tells nothing of a person's library. @param name of the setting */
export function discreetSetting(name: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `not a text (${typeof value})`;
  const text = value.trim();
  if (name === 'plexUrl') return kindOfAddress(text);
  if (name === 'pathMappings') return kindOfRules(text);
  if (lists.includes(name)) return `${text.split(',').length} entries`;
  if (name.endsWith('Template')) return (text.match(placeholder) ?? []).join(' … ') || 'a text';
  if (choices.test(text) || (name === 'fields' && fieldRules.test(text))) return text;
  return `set, ${text.length} characters`;
}

function kindOfAddress(text: string): string {
  if (!URL.canParse(text)) return 'not an address';
  const { protocol, hostname, port } = new URL(text);
  return `${protocol}//<${kindOfHost(hostname)}>${port === '' ? '' : `:${port}`}`;
}

function kindOfHost(host: string): string {
  if (/^(?:localhost|127\.|\[::1\])/.test(host)) return 'localhost';
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host)) return 'private address';
  if (/^[\d.]+$|^\[/.test(host)) return 'address';
  return host.includes('.') ? 'name with dots' : 'name';
}

function kindOfRules(text: string): string {
  const rules = text.split(/[;\n]/).filter((rule) => rule.trim() !== '');
  const kinds = rules.map((rule) => rule.split('=>').map(kindOfFolder).join('=>'));
  return `${rules.length} rules: ${kinds.join(', ')}`;
}

function kindOfFolder(folder: string): string {
  const path = folder.trim();
  if (/^[a-z]:/i.test(path)) return 'drive';
  if (/^[\\/]{2}/.test(path)) return 'share';
  return path.startsWith('/') ? 'folder' : '?';
}
