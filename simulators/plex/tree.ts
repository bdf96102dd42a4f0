/** The shape of every answer, from which both JSON and XML are written. */

export type Scalar = string | number | boolean;
export interface PlexNode {
  readonly [name: string]: Scalar | PlexNode | readonly PlexNode[] | undefined;
}

/** A list under its name, or nothing: Plex leaves empty lists out (replex and Tautulli fixtures). */
export function listed(
  name: string,
  nodes: readonly PlexNode[],
): Record<string, readonly PlexNode[]> {
  return nodes.length === 0 ? {} : { [name]: nodes };
}

/** One node of several; later ones win. */
export function merged(nodes: readonly PlexNode[]): PlexNode {
  return Object.fromEntries(nodes.flatMap((node) => Object.entries(node)));
}

/** A JSON document as Plex wraps it. */
export function toJson(container: PlexNode): string {
  return JSON.stringify({ MediaContainer: container });
}

/**
 * The same as XML: scalars are attributes (true is `1`), lists are elements named like the list;
 * `Metadata` of type movie is called `Video` (plexopedia, `/library/sections/{id}/all`), and that of
 * pictures `Photo` (python-plexapi `media.py` `Poster`).
 */
export function toXml(container: PlexNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('MediaContainer', container)}\n`;
}

function element(name: string, node: PlexNode): string {
  let attributes = '';
  let children = '';
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined) continue;
    if (isList(value)) {
      for (const child of value) children += `\n${element(elementName(key, child), child)}`;
    } else if (typeof value === 'object') {
      children += `\n${element(key, value)}`;
    } else {
      attributes += ` ${key}="${escapeAttribute(attributeText(value))}"`;
    }
  }
  return children === ''
    ? `<${name}${attributes} />`
    : `<${name}${attributes}>${children}\n</${name}>`;
}

function isList(value: unknown): value is readonly PlexNode[] {
  return Array.isArray(value);
}

function elementName(key: string, node: PlexNode): string {
  if (key !== 'Metadata') return key;
  if (node['type'] === 'movie') return 'Video';
  const name = node['ratingKey'];
  return typeof name === 'string' && name.includes('://') ? 'Photo' : key;
}

function attributeText(value: Scalar): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** Line breaks as references, or a parser turns them into spaces; what XML forbids goes. */
function escapeAttribute(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}
