// What a person can set about the connection, and what is refused before anything is sent.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlexClient } from '../../src/plex/client.ts';
import {
  defaultTimeouts,
  checkConnection,
  type PlexConnection,
} from '../../src/plex/connection.ts';
import { errorFromFailure } from '../../src/plex/failures.ts';
import { canaryToken, failureOf, openClient } from './support.ts';

const good: PlexConnection = {
  url: 'http://192.168.1.5:32400',
  token: canaryToken,
  clientIdentifier: 'id-1',
  version: '0.1.0',
};
const refusal = (change: Partial<PlexConnection>) =>
  failureOf(Promise.resolve().then(() => openPlexClient({ ...good, ...change })));

describe('the address', () => {
  it.each([
    '',
    'plex',
    '192.168.1.5:32400',
    'ftp://192.168.1.5',
    'http://',
    `http://user:${canaryToken}@host:32400`,
    `http://host:32400/?X-Plex-Token=${canaryToken}`,
    `http://host:32400/web/index.html#!/${canaryToken}`,
  ])('is refused by name and not repeated: %s', async (url) => {
    const failure = await refusal({ url });
    expect([failure.code, failure.field]).toEqual(['config-invalid', 'plexUrl']);
  });

  it.each([
    ['http://host:32400', 'host:32400', ''],
    ['http://host:32400/', 'host:32400', ''],
    ['http://host', 'host:80', ''],
    ['https://host/plex/', 'host:443', '/plex'],
    ['http://[::1]:32400', '[::1]:32400', ''],
  ])('%s is told to people as %s', (url, address, pathPrefix) => {
    expect(checkConnection({ ...good, url })).toMatchObject({ address, pathPrefix });
  });
});

describe('what stands in headers', () => {
  it.each<[Partial<PlexConnection>, string]>([
    [{ token: `${canaryToken}\r\nX-Evil: 1` }, 'plexToken'],
    [{ token: `${canaryToken} ` }, 'plexToken'],
    [{ token: `${canaryToken}é` }, 'plexToken'],
    [{ clientIdentifier: '' }, 'clientIdentifier'],
    [{ clientIdentifier: 'a b' }, 'clientIdentifier'],
  ])('cannot hold other characters (%#)', async (change, field) => {
    const failure = await refusal(change);
    expect([failure.code, failure.field]).toEqual(['config-invalid', field]);
  });
});

describe('the limits', () => {
  it('are the defaults where they are not set', () => {
    const { timeouts } = checkConnection({ ...good, timeouts: { readBodyMs: 1 } });
    expect(timeouts).toEqual({ ...defaultTimeouts, readBodyMs: 1 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d', async (connectMs) => {
    const failure = await refusal({ timeouts: { connectMs } });
    expect([failure.code, failure.field]).toEqual(['config-invalid', 'connectMs']);
  });
});

describe('a failure to connect', () => {
  it.each([
    ['ENOTFOUND', 'no such host name'],
    ['EAI_AGAIN', 'cannot be looked up now'],
    ['EHOSTUNREACH', 'no route to the host'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate is for another name'],
    ['CERT_HAS_EXPIRED', 'certificate has expired'],
    ['ECONNRESET', 'ended while it was being opened'],
    ['EWHATEVER', 'EWHATEVER'],
  ])('is told in words: %s', (code, words) => {
    const thrown = Object.assign(new Error(canaryToken), { code, secret: canaryToken });
    const failure = errorFromFailure(thrown, 'connecting', 'plex:32400');
    expect(failure.code).toBe('plex-unreachable');
    expect(failure.message).toContain('plex:32400');
    expect(failure.message).toContain(words);
  });

  it('is told even when something was thrown that is no error', () => {
    expect(errorFromFailure('odd', 'connecting', 'plex:32400').code).toBe('plex-unreachable');
  });
});

const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'].find(
  (path) => existsSync(path),
);
if (openssl === undefined) console.warn('Skipped: no openssl to make a certificate with.');

describe.skipIf(openssl === undefined)('a certificate (skipped without openssl)', () => {
  async function startHttps(name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'plexsync-tls-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ');
    const into = ['-keyout', key, '-out', cert, '-subj', `/CN=${name}`];
    await promisify(execFile)(openssl ?? '', [...made, ...into]);
    const server = createServer({ key: await readFile(key), cert: await readFile(cert) });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `https://127.0.0.1:${port}`;
  }

  it('that nobody vouches for is refused, and the message says why', async () => {
    const url = await startHttps('plex.invalid');
    const failure = await failureOf(openClient(url).server());
    expect(failure.code).toBe('plex-unreachable');
    expect(failure.message).toContain('its certificate is self-signed');
  });
});
