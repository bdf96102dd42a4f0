import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlexSyncError } from '../../src/contract/errors.ts';
import { parseEnvelope, readEnvelope } from '../../src/stash/envelope.ts';

const canary = 'MTc5NTIzNjUwNXxDYW5hcnlDb29raWU=';

const server = {
  Scheme: 'https',
  Host: '0.0.0.0',
  Port: 9999,
  SessionCookie: { Name: 'session', Value: canary, Quoted: false, Unparsed: null },
  Dir: '/config',
  PluginDir: 'plugins/plex-sync',
};

const stdin = {
  server_connection: server,
  args: { mode: 'status', nested: { list: [1, 'b', 1.5] } },
};

describe('what a task or an operation reads on stdin', () => {
  it('tells where Stash is and what was asked', () => {
    expect(parseEnvelope(JSON.stringify(stdin))).toEqual({
      server: {
        scheme: 'https',
        host: '0.0.0.0',
        port: 9999,
        cookie: { name: 'session', value: canary },
        dir: '/config',
        pluginDir: 'plugins/plex-sync',
      },
      args: stdin.args,
      settings: null,
    });
  });

  it('may come without a cookie and without arguments', () => {
    const bare = { server_connection: { ...server, SessionCookie: null }, args: null };
    expect(parseEnvelope(JSON.stringify(bare))).toMatchObject({
      server: { cookie: null },
      args: {},
    });
  });

  it('may come with the settings, from a newer Stash', () => {
    const settings = { plexUrl: 'http://plex:32400' };
    expect(parseEnvelope(JSON.stringify({ ...stdin, settings }))).toMatchObject({ settings });
  });

  it('is read from a stream, whatever the pieces', async () => {
    const bytes = Buffer.from(JSON.stringify({ ...stdin, args: { title: 'Näme 🎬' } }));
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(await readEnvelope(Readable.from(pieces))).toMatchObject({ args: { title: 'Näme 🎬' } });
  });

  it('is refused above 16 MB', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024 * 1024);
      })(),
    );
    await expect(readEnvelope(endless)).rejects.toMatchObject({ code: 'bad-arguments' });
  });

  it.each([
    ['', undefined],
    ['{"server_connection":', undefined],
    ['[]', 'server_connection'],
    ['null', 'stdin'],
    [JSON.stringify({ args: {} }), 'server_connection'],
    [
      JSON.stringify({ ...stdin, server_connection: { ...server, Port: 'x' } }),
      'server_connection.Port',
    ],
    [
      JSON.stringify({ ...stdin, server_connection: { ...server, Dir: '' } }),
      'server_connection.Dir',
    ],
    [JSON.stringify({ ...stdin, args: [canary] }), 'args'],
  ])('is refused as %j, with the field named', (text, field) => {
    expect(() => parseEnvelope(text)).toThrow(
      expect.objectContaining({ code: 'bad-arguments', field }),
    );
  });

  it('never shows the cookie in an error, wherever the text is broken', () => {
    const text = JSON.stringify(stdin);
    fc.assert(
      fc.property(fc.nat(text.length), fc.constantFrom('"', '}', ',', '', 'x'), (at, sign) => {
        const broken = text.slice(0, at) + sign + text.slice(at + 1);
        try {
          parseEnvelope(broken);
        } catch (error) {
          expect(isPlexSyncError(error)).toBe(true);
          expect(inspect(error, { depth: null, showHidden: true })).not.toContain(
            canary.slice(4, 12),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  const shared =
    process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
  const recorded = `${shared}/data/stash/stdin-samples.json`;
  const isMissing = !existsSync(recorded);
  if (isMissing) console.warn(`No ${recorded}: recorded samples are not tested.`);
  const why = isMissing ? ' (skipped: no recorded samples on this machine)' : '';
  it.skipIf(isMissing)(`is what a real Stash sends${why}`, () => {
    const samples: unknown = JSON.parse(readFileSync(recorded, 'utf8'));
    if (!Array.isArray(samples)) throw new Error('the samples are a list');
    for (const sample of samples) {
      expect(parseEnvelope(JSON.stringify(sample)).server).toMatchObject({
        port: 9999,
        dir: '/config',
      });
    }
  });
});
