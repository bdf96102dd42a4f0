// What Stash writes to a plugin's standard input, byte for byte as Go's encoding/json does.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Event {
  readonly dir: string;
  readonly id?: number;
  readonly type?: string;
  readonly input?: unknown;
  readonly cookie?: string | null;
}

/** Encodes as Go does: no spaces, and & < > and the two line separators escaped (golang encoding/json, HTML escaping). */
export function goJson(value: unknown): string {
  const escaped = /[&<>\u2028\u2029]/g;
  return JSON.stringify(value).replace(
    escaped,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A hook's envelope: stashapp/stash pkg/plugin/common/msg.go and pkg/plugin/hooks.go. */
export function hookInput(event: Event): string {
  const {
    dir,
    id = 1,
    type = 'Scene.Update.Post',
    input = null,
    cookie = 'MTc5NTIzNjUwNXw',
  } = event;
  return goJson({
    server_connection: {
      Scheme: 'http',
      Host: '0.0.0.0',
      Port: 9999,
      SessionCookie: cookie === null ? null : sessionCookie(cookie),
      Dir: dir,
      PluginDir: `${dir}/plugins/plex-sync`,
    },
    args: { hookContext: { ...(id === 0 ? {} : { id }), type, input } },
  });
}

function sessionCookie(value: string): unknown {
  return {
    Name: 'session',
    Value: value,
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
  };
}

const shared =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const samplesFile = `${shared}/data/stash/stdin-samples.json`;

/** What a real Stash wrote, one of each kind, if the data is at hand. */
export function realSamples(): readonly unknown[] | undefined {
  if (!existsSync(samplesFile)) return undefined;
  const parsed: unknown = JSON.parse(readFileSync(samplesFile, 'utf8'));
  return Array.isArray(parsed) ? parsed : undefined;
}
