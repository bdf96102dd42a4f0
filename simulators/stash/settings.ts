// What Stash keeps in its config.yml: the settings of the plugins, the disabled ones, the key that
// signs sessions. Written whole at every change, as Stash does, and read again by the next life.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { isRecord } from './goFormats.ts';

export type PluginSettings = Readonly<Record<string, unknown>>;

interface State {
  readonly sessionStoreKey: string;
  readonly disabledPlugins: readonly string[];
  readonly pluginSettings: Readonly<Record<string, PluginSettings>>;
}

export class StashSettings {
  readonly path: string;
  #state: State;

  constructor(directory: string) {
    this.path = join(directory, 'config.yml');
    this.#state = existsSync(this.path)
      ? readState(readFileSync(this.path, 'utf8'))
      : { sessionStoreKey: newKey(), disabledPlugins: [], pluginSettings: {} };
    this.#write();
  }

  get sessionStoreKey(): string {
    return this.#state.sessionStoreKey;
  }

  isDisabled(pluginId: string): boolean {
    return this.#state.disabledPlugins.includes(pluginId);
  }

  setEnabled(enabled: ReadonlyMap<string, boolean>): void {
    const stay = this.#state.disabledPlugins.filter((id) => enabled.get(id) !== true);
    const added = [...enabled].filter(([, on]) => !on).map(([id]) => id);
    this.#change({ disabledPlugins: [...new Set([...stay, ...added])] });
  }

  /** Of all plugins, or of those asked for that have any: a key is absent rather than empty. */
  pluginSettings(include: readonly string[]): Record<string, PluginSettings> {
    const all = Object.entries(this.#state.pluginSettings);
    if (include.length === 0) return Object.fromEntries(all);
    return Object.fromEntries(
      all.filter(([id, values]) => include.includes(id) && Object.keys(values).length > 0),
    );
  }

  /** Replaces the plugin's map whole: what is not in the new one is gone. */
  configurePlugin(pluginId: string, settings: PluginSettings): PluginSettings {
    this.#change({ pluginSettings: { ...this.#state.pluginSettings, [pluginId]: settings } });
    return settings;
  }

  #change(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#write();
  }

  #write(): void {
    const text = stringify({
      session_store_key: this.#state.sessionStoreKey,
      plugins: {
        disabled: this.#state.disabledPlugins,
        settings: this.#state.pluginSettings,
      },
    });
    writeFileSync(this.path, text, { mode: 0o640 });
  }
}

function readState(text: string): State {
  const file: unknown = parse(text);
  const root = isRecord(file) ? file : {};
  const plugins = isRecord(root['plugins']) ? root['plugins'] : {};
  const settings = isRecord(plugins['settings']) ? plugins['settings'] : {};
  const disabled = Array.isArray(plugins['disabled']) ? plugins['disabled'] : [];
  const key = root['session_store_key'];
  return {
    sessionStoreKey: typeof key === 'string' ? key : newKey(),
    disabledPlugins: disabled.map(String),
    pluginSettings: Object.fromEntries(
      Object.entries(settings).map(([id, values]) => [id, isRecord(values) ? values : {}]),
    ),
  };
}

function newKey(): string {
  return randomBytes(32).toString('hex');
}
