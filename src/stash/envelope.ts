// What a task or an operation reads on stdin: where Stash is, and the arguments of the call.
import * as v from 'valibot';
import { PlexSyncError } from '../contract/errors.ts';
import { anyMap } from './schemas.ts';

const cookie = v.object({ Name: v.pipe(v.string(), v.nonEmpty()), Value: v.string() });

const stdin = v.object({
  server_connection: v.object({
    Scheme: v.picklist(['http', 'https']),
    Host: v.string(),
    Port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
    SessionCookie: v.nullish(cookie, null),
    Dir: v.pipe(v.string(), v.nonEmpty()),
    PluginDir: v.optional(v.string(), ''),
  }),
  args: v.nullish(anyMap, {}),
  settings: v.nullish(anyMap, null),
});

export interface ServerConnection {
  readonly scheme: 'http' | 'https';
  /** As Stash is bound, `0.0.0.0` included. */
  readonly host: string;
  readonly port: number;
  readonly cookie: { readonly name: string; readonly value: string } | null;
  /** Stash's configuration directory. */
  readonly dir: string;
  /** May be relative to the working directory; empty if it was not told. */
  readonly pluginDir: string;
}

export interface Envelope {
  readonly server: ServerConnection;
  readonly args: Readonly<Record<string, unknown>>;
  /** The plugin's settings, from a Stash that sends them along; null = ask for them. */
  readonly settings: Readonly<Record<string, unknown>> | null;
}

/** A page's largest request is a few KB; a stream without an end must not fill the memory. */
const largestEnvelopeBytes = 16 * 1024 * 1024;

/**
 * @param text All of stdin, as Stash writes it (stashapp/stash `pkg/plugin/common/msg.go`,
 *   `PluginInput`).
 * @throws PlexSyncError `bad-arguments` with the field named. The message never holds a value,
 *   since one of them is the session cookie.
 */
export function parseEnvelope(text: string): Envelope {
  const parsed = v.safeParse(stdin, parseJson(text));
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? 'stdin';
    throw new PlexSyncError('bad-arguments', `What Stash sent has no usable ${field}.`, { field });
  }
  const { server_connection: server, args, settings } = parsed.output;
  const session = server.SessionCookie;
  return {
    server: {
      scheme: server.Scheme,
      host: server.Host,
      port: server.Port,
      cookie:
        session === null || session.Value === ''
          ? null
          : { name: session.Name, value: session.Value },
      dir: server.Dir,
      pluginDir: server.PluginDir,
    },
    args,
    settings,
  };
}

/**
 * Reads a stream to its end and parses it.
 * @throws PlexSyncError `bad-arguments`, also for more than 16 MB.
 */
export async function readEnvelope(stream: AsyncIterable<Uint8Array>): Promise<Envelope> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > largestEnvelopeBytes) {
      throw new PlexSyncError('bad-arguments', 'What Stash sent is larger than 16 MB.');
    }
    chunks.push(chunk);
  }
  return parseEnvelope(Buffer.concat(chunks).toString('utf8'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, and with it the cookie.
    throw new PlexSyncError('bad-arguments', 'What Stash sent is not JSON.');
  }
}
