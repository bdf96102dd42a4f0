import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStashClient } from '../../src/stash/client.ts';
import { type StashConnection, baseUrl } from '../../src/stash/connection.ts';
import { type FakeStash, startFakeStash, versionAnswer } from './fakeStash.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function start(
  ...rest: [tls?: { key: string; cert: string }, listenOn?: string]
): Promise<FakeStash> {
  const stash = await startFakeStash(
    (_asked, response) => versionAnswer(response),
    rest[0],
    rest[1],
  );
  opened.push(stash);
  return stash;
}

function open(connection: StashConnection) {
  const client = openStashClient(connection);
  opened.push(client);
  return client;
}

/** A certificate for a foreign name, signed by nobody: what a Stash at home usually has. */
function selfSigned(): { key: string; cert: string } {
  const directory = mkdtempSync(join(tmpdir(), 'plexsync-tls-'));
  try {
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    args.push('-nodes', '-days', '2', '-subj', '/CN=nas.example', '-keyout', key, '-out', cert);
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the address of Stash', () => {
  it.each([
    ['0.0.0.0', 'http://127.0.0.1:9999'],
    ['', 'http://127.0.0.1:9999'],
    ['::', 'http://[::1]:9999'],
    ['[::]', 'http://[::1]:9999'],
    ['::1', 'http://[::1]:9999'],
    ['[fd00::5]', 'http://[fd00::5]:9999'],
    ['192.168.1.5', 'http://192.168.1.5:9999'],
    ['nas.local', 'http://nas.local:9999'],
  ])('for a Stash bound to %j is %s', (host, url) => {
    expect(baseUrl({ scheme: 'http', host, port: 9999, cookie: null, apiKey: null })).toBe(url);
  });

  it.each([['http://nas'], ['user@nas'], ['nas/x'], ['a b'], ['::zz']])(
    'is never made of %j',
    (host) => {
      const connection: StashConnection = {
        scheme: 'http',
        host,
        port: 9999,
        cookie: null,
        apiKey: null,
      };
      expect(() => openStashClient(connection)).toThrow(
        expect.objectContaining({ code: 'config-invalid', field: 'host' }),
      );
    },
  );

  it('of a Stash bound to every address is reached', async () => {
    const stash = await start(undefined, '0.0.0.0');
    expect(await open({ ...stash.connection, host: '0.0.0.0' }).version()).toBe('v0.30.1');
    expect(stash.asked[0]).toMatchObject({ path: '/graphql' });
  });
});

describe('https', () => {
  it('is spoken with a certificate that nobody signed, and trusted nowhere else', async () => {
    const stash = await start(selfSigned());
    expect(await open(stash.connection).version()).toBe('v0.30.1');
    await expect(fetch(`${baseUrl(stash.connection)}/graphql`)).rejects.toThrow('fetch failed');
  });

  it('asked of a Stash that speaks http ends as unreachable, and the other way round too', async () => {
    const plain = await start();
    const tls = await start(selfSigned());
    await expect(open({ ...plain.connection, scheme: 'https' }).version()).rejects.toMatchObject({
      code: 'stash-unreachable',
    });
    await expect(open({ ...tls.connection, scheme: 'http' }).version()).rejects.toMatchObject({
      code: 'stash-unreachable',
    });
  });
});

describe('a proxy in the environment', () => {
  it('is not asked, since Stash puts its own there for the internet', async () => {
    const stash = await start();
    const proxied: string[] = [];
    const proxy = createServer((request, response) => {
      proxied.push(request.url ?? '');
      response.end();
    });
    proxy.on('connect', (request, socket) => {
      proxied.push(request.url ?? '');
      socket.end();
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    opened.push({ close: () => new Promise((resolve) => proxy.close(() => resolve())) });
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const script = `
      const { openStashClient } = await import(${JSON.stringify(new URL('../../src/stash/client.ts', import.meta.url).href)});
      const client = openStashClient(JSON.parse(process.env['CONNECTION']));
      process.stdout.write(await client.version());
      await client.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        CONNECTION: JSON.stringify(stash.connection),
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: url,
        http_proxy: url,
        HTTPS_PROXY: url,
        ALL_PROXY: url,
      },
    });
    const said = await child.stdout.toArray();
    expect(said.join('')).toBe('v0.30.1');
    expect(proxied).toEqual([]);
  });
});
