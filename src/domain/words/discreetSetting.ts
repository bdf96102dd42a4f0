// What a support report tells of a setting: its kind, as far as that tells nothing of a person's library.

const choices =
  /^(?:genre|label|off|never|hourly|daily|weekly|conservative|aggressive|later|plex|stash)$/i;
const viewing = /^(?:(?:watched|resume|rating)[\s,;]*)+$/i;
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
  if (name === 'viewing' && viewing.test(text)) return text;
  if (choices.test(text) || (name === 'fields' && fieldRules.test(text))) return text;
  return `set, ${text.length} characters`;
}

function kindOfAddress(text: string): string {
  if (!URL.canParse(text)) return 'not an address';
  const { protocol, hostname, port } = new URL(text);
  // Of "nas:32400" the name of the machine would be the scheme.
  if (protocol !== 'http:' && protocol !== 'https:') return 'not an address';
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
