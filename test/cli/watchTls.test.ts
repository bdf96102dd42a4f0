// To which Stash `plexsync watch` hands its API key where Stash speaks https.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../helpers/listen.ts';
import { until } from '../helpers/wait.ts';
import { startWatch, type WatchOptions, type WatchProcess } from '../helpers/watchProcess.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'plex-sync', 'plex-sync.cjs');
const apiKey = 'the-api-key-of-this-test';
/** This machine by an address that is not taken for it, so that it stands for another one. */
const elsewhere = '[::ffff:127.0.0.1]';

interface Tls {
  readonly root: string;
  readonly cert: string;
  readonly keys: (string | undefined)[];
  readonly watch: (host: string, options?: WatchOptions) => WatchProcess;
}

/** @param name of its certificate, which nobody has signed */
async function openTls(name: string): Promise<Tls> {
  const root = mkdtempSync(join(tmpdir(), 'plexsync-watch-tls-'));
  const [key, cert] = [join(root, 'key.pem'), join(root, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  args.push(
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=nas.example',
    '-addext',
    `subjectAltName=${name}`,
  );
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const keys: (string | undefined)[] = [];
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      keys.push([request.headers['apikey'] ?? []].flat()[0]);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"data":{"plugins":[]}}');
    },
  );
  const port = await listen(server);
  let watch: WatchProcess | null = null;
  onTestFinished(async () => {
    await watch?.stop();
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root,
    cert,
    keys,
    watch: (host, { args: more = [], env = {} } = {}) => {
      const settings = { plexUrl: 'http://127.0.0.1:1', plexToken: 'x' };
      watch = startWatch(program, root, `https://${host}:${port}`, settings, {
        args: more,
        env: { STASH_API_KEY: apiKey, ...env },
      });
      return watch;
    },
  };
}

it('the API key is not handed to a Stash on another machine whose certificate nobody vouches for', async () => {
  const { keys, watch } = await openTls('DNS:nas.example');
  const { said } = watch(elsewhere);
  await until('it says so', () => /certificate is not trusted/.test(said()));
  expect(said()).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  await until('it has begun', () => said().includes('watches Stash'));
  expect(keys).toEqual([]);
});

it.each([
  ['whose certificate is to be taken as it is', 'DNS:nas.example', elsewhere, ['--insecure']],
  ['on this machine', 'DNS:nas.example', '127.0.0.1', []],
])('it is handed to one %s', async (_, name, host, args) => {
  const { keys, watch } = await openTls(name);
  watch(host, { args });
  await until('it came', () => keys.includes(apiKey));
});

it('it is handed to one whose certificate an authority of yours vouches for', async () => {
  const { keys, cert, watch } = await openTls('IP:::ffff:127.0.0.1');
  watch(elsewhere, { env: { NODE_EXTRA_CA_CERTS: cert } });
  await until('it came', () => keys.includes(apiKey));
});
