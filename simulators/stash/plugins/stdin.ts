// The JSON that a plugin reads on its stdin, key by key in the order in which Go writes it.
// (stashapp/stash pkg/plugin/common/msg.go; the cookie is Go's http.Cookie without JSON names)
import { goJson, goMap } from '../goFormats.ts';

export interface ServerConnection {
  readonly scheme: 'http' | 'https';
  /** The configured bind address as it stands, e.g. 0.0.0.0. */
  readonly host: string;
  readonly port: number;
  readonly cookieValue: string;
  /** Folder of Stash's configuration, absolute. */
  readonly directory: string;
  /** Folder of the plugin's manifest; may be relative to the working directory of Stash. */
  readonly pluginDirectory: string;
}

export interface HookContext {
  readonly id: number;
  readonly type: string;
  /** Already in the shape of Go's struct, see hookInput.ts; null for scans and creations. */
  readonly input: unknown;
  /** The names of the fields that the client sent; left out if there are none. */
  readonly inputFields: readonly string[];
}

export function pluginStdin(
  connection: ServerConnection,
  args: Readonly<Record<string, unknown>>,
): string {
  return goJson({
    server_connection: {
      Scheme: connection.scheme,
      Host: connection.host,
      Port: connection.port,
      SessionCookie: {
        Name: 'session',
        Value: connection.cookieValue,
        Quoted: false,
        Path: '',
        Domain: '',
        Expires: '0001-01-01T00:00:00Z',
        RawExpires: '',
        MaxAge: 0,
        Secure: false,
        HttpOnly: false,
        SameSite: 0,
        Partitioned: false,
        Raw: '',
        Unparsed: null,
      },
      Dir: connection.directory,
      PluginDir: connection.pluginDirectory,
    },
    args: goMap(args),
  });
}

/**
 * The arguments of a hook: its manifest's `defaultArgs` and the context. The context is a `Map`
 * so that its keys keep their order among arguments that are sorted.
 */
export function hookArgs(
  defaultArgs: Readonly<Record<string, string>>,
  context: HookContext,
): Record<string, unknown> {
  const entries: [string, unknown][] = [
    ['type', context.type],
    ['input', context.input],
  ];
  if (context.id !== 0) entries.unshift(['id', context.id]);
  if (context.inputFields.length > 0) entries.push(['inputFields', context.inputFields]);
  return { ...defaultArgs, hookContext: new Map(entries) };
}
