// A plugin's manifest, read as strictly as Stash reads it: one unknown key, one value of another
// shape, and the plugin is not loaded (stashapp/stash pkg/plugin/config.go, yaml.v2 strict).
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export interface OperationManifest {
  readonly name: string;
  readonly description: string;
  readonly execArgs: readonly string[];
  readonly defaultArgs: Readonly<Record<string, string>>;
}

export interface HookManifest extends OperationManifest {
  readonly triggeredBy: readonly string[];
}

export interface SettingManifest {
  readonly key: string;
  readonly type: string;
  readonly displayName: string;
  readonly description: string;
}

export interface Manifest {
  readonly name: string | null;
  readonly description: string | null;
  readonly url: string | null;
  readonly version: string | null;
  readonly interface: string;
  readonly exec: readonly string[];
  readonly errLog: string;
  readonly tasks: readonly OperationManifest[];
  readonly hooks: readonly HookManifest[];
  readonly requires: readonly string[];
  readonly javascript: readonly string[];
  readonly css: readonly string[];
  readonly settings: readonly SettingManifest[];
}

type Shape =
  | 'text'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly struct: string; readonly fields: Readonly<Record<string, Shape>> };

type Value = string | null | readonly Value[] | { readonly [key: string]: Value };

const texts: Shape = { list: 'text' };
const operationFields: Record<string, Shape> = {
  name: 'text',
  description: 'text',
  execArgs: texts,
  defaultArgs: { map: 'text' },
};
const csp: Shape = {
  struct: 'plugin.PluginCSP',
  fields: { 'script-src': texts, 'style-src': texts, 'connect-src': texts },
};
const shape: Shape = {
  struct: 'plugin.Config',
  fields: {
    name: 'text',
    description: 'text',
    url: 'text',
    version: 'text',
    interface: 'text',
    exec: texts,
    errLog: 'text',
    tasks: { list: { struct: 'plugin.OperationConfig', fields: operationFields } },
    hooks: {
      list: { struct: 'plugin.HookConfig', fields: { ...operationFields, triggeredBy: texts } },
    },
    ui: {
      struct: 'plugin.UIConfig',
      fields: { requires: texts, csp, javascript: texts, css: texts, assets: { map: 'text' } },
    },
    settings: {
      map: {
        struct: 'plugin.SettingConfig',
        fields: { type: 'text', displayName: 'text', description: 'text' },
      },
    },
  },
};

/** The manifest in this text; throws with a message like that of Stash's YAML reader. */
export function parseManifest(text: string): Manifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', uniqueKeys: true });
  const [first] = document.errors;
  if (first !== undefined) throw new Error(`yaml: ${first.message.split('\n')[0]}`);
  if (document.contents === null) throw new Error('EOF');
  const problems: string[] = [];
  const read = (node: unknown, wanted: Shape): Value => {
    if (isAlias(node)) return read(node.resolve(document), wanted);
    const problem = (what: string): null => {
      problems.push(`line ${lineOf(node, lines)}: ${what}`);
      return null;
    };
    if (isScalar(node) && node.value === null) return null;
    if (wanted === 'text') {
      if (!isScalar(node)) return problem('cannot unmarshal into string');
      return node.source ?? String(node.value);
    }
    if ('list' in wanted) {
      if (!isSeq(node)) return problem('cannot unmarshal into a list');
      return node.items.map((item) => read(item, wanted.list));
    }
    if (!isMap(node)) return problem('cannot unmarshal into a map');
    const entries: [string, Value][] = [];
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const inner = 'map' in wanted ? wanted.map : wanted.fields[name];
      if (inner === undefined) {
        const type = 'struct' in wanted ? wanted.struct : '';
        problems.push(`line ${lineOf(key, lines)}: field ${name} not found in type ${type}`);
      } else {
        entries.push([name, read(value, inner)]);
      }
    }
    return Object.fromEntries(entries);
  };
  const value = read(document.contents, shape);
  if (problems.length > 0) throw new Error(`yaml: unmarshal errors:\n  ${problems.join('\n  ')}`);
  return checked(toManifest(value));
}

function lineOf(node: unknown, lines: LineCounter): number {
  const range = isNode(node) ? node.range : undefined;
  return range ? lines.linePos(range[0]).line : 0;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function toManifest(value: Value): Manifest {
  const ui = field(value, 'ui');
  return {
    name: textOrNull(field(value, 'name')),
    description: textOrNull(field(value, 'description')),
    url: textOrNull(field(value, 'url')),
    version: textOrNull(field(value, 'version')),
    interface: textOf(field(value, 'interface')) || 'raw',
    exec: listOf(field(value, 'exec')).map(textOf),
    errLog: textOf(field(value, 'errLog')),
    tasks: listOf(field(value, 'tasks')).map(toOperation),
    hooks: listOf(field(value, 'hooks')).map((hook) => ({
      ...toOperation(hook),
      triggeredBy: listOf(field(hook, 'triggeredBy')).map(textOf),
    })),
    requires: listOf(field(ui, 'requires')).map(textOf),
    javascript: listOf(field(ui, 'javascript')).map(textOf),
    css: listOf(field(ui, 'css')).map(textOf),
    settings: entriesOf(field(value, 'settings'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, setting]) => ({
        key,
        type: textOf(field(setting, 'type')) || 'STRING',
        displayName: textOf(field(setting, 'displayName')),
        description: textOf(field(setting, 'description')),
      })),
  };
}

function toOperation(value: Value): OperationManifest {
  return {
    name: textOf(field(value, 'name')),
    description: textOf(field(value, 'description')),
    execArgs: listOf(field(value, 'execArgs')).map(textOf),
    defaultArgs: Object.fromEntries(
      entriesOf(field(value, 'defaultArgs')).map(([key, text]) => [key, textOf(text)]),
    ),
  };
}

function checked(manifest: Manifest): Manifest {
  if (!['raw', 'rpc', 'js'].includes(manifest.interface)) {
    throw new Error(`invalid interface type ${manifest.interface}`);
  }
  for (const { key, type } of manifest.settings) {
    if (!['STRING', 'NUMBER', 'BOOLEAN'].includes(type)) {
      throw new Error(`invalid type ${type} for setting ${key}`);
    }
  }
  return manifest;
}

function field(value: Value, key: string): Value {
  const entry = entriesOf(value).find(([name]) => name === key);
  return entry?.[1] ?? null;
}

function entriesOf(value: Value): [string, Value][] {
  return value !== null && typeof value === 'object' && !isList(value) ? Object.entries(value) : [];
}

function listOf(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: Value): string | null {
  return typeof value === 'string' ? value : null;
}
