// Serves the host page as Stash serves its own: the page for every address that is no file, plugins'
// scripts and styles, GraphQL and covers passed on to a simulated Stash.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { parseManifest } from '../../../simulators/stash/plugins/manifest.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const html = `<!DOCTYPE html>
<html lang="en">
  <head>
    <base href="/" />
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Stash</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/host.css" />
  </head>
  <body>
    <div id="root"></div>
    <script src="/host.js"></script>
  </body>
</html>
`;

/** stashapp/stash internal/api/server.go, `setPageSecurityHeaders`, with what the manifest adds. */
const contentSecurityPolicy = [
  "default-src data: 'self' 'unsafe-inline'",
  "connect-src data: 'self' ws: wss: https://plex.tv",
  'img-src data: *',
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src blob:; child-src 'none'; object-src 'none'; form-action 'self'",
].join('; ');

export interface HostServer {
  readonly url: string;
  /** What happens to the next requests to GraphQL whose body has this text. */
  fault: ((body: string) => 'pass' | 'fail' | 'null' | 'hang' | { readonly error: string }) | null;
  close(): Promise<void>;
}

/** @param pluginFolder of the installed plugin */
export async function serveHost(stashUrl: string, pluginFolder: string): Promise<HostServer> {
  const files = new Map<string, readonly [string, string]>([
    ['/host.js', ['text/javascript', await hostScript()]],
    ['/host.css', ['text/css', hostStyles()]],
    ['/plugin/plex-sync/javascript', ['text/javascript', pluginFiles(pluginFolder, 'javascript')]],
    ['/plugin/plex-sync/css', ['text/css', pluginFiles(pluginFolder, 'css')]],
  ]);
  const server = createServer((incoming, response) => {
    const path = incoming.url?.split('?')[0] ?? '/';
    const file = files.get(path);
    if (file !== undefined) {
      response
        .writeHead(200, { 'Content-Type': file[0], 'Cache-Control': 'no-cache' })
        .end(file[1]);
    } else if (path === '/graphql') void passGraphql(incoming, response, stashUrl, host);
    else if (/^\/scene\/\d+\//.test(path)) pass(incoming, response, stashUrl, '');
    else {
      response
        .writeHead(200, {
          'Content-Type': 'text/html',
          'Content-Security-Policy': contentSecurityPolicy,
        })
        .end(html);
    }
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const host: HostServer = {
    url: `http://127.0.0.1:${port}`,
    fault: null,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return host;
}

async function passGraphql(
  incoming: IncomingMessage,
  response: ServerResponse,
  stashUrl: string,
  host: HostServer,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const fault = host.fault?.(body) ?? 'pass';
  const answer = (document: unknown): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
  };
  if (fault === 'pass') pass(incoming, response, stashUrl, body);
  else if (fault === 'fail') response.writeHead(502).end('<html>Bad gateway</html>');
  else if (fault === 'null') answer({ data: { runPluginOperation: null } });
  else if (fault !== 'hang') answer({ data: null, errors: [{ message: fault.error }] });
}

/** A client that drops the connection drops the one to Stash, too. */
function pass(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  stashUrl: string,
  body: string,
): void {
  const onward = request(new URL(url, stashUrl), {
    method,
    headers: {
      'content-type': headers['content-type'] ?? '',
      accept: headers.accept ?? '*/*',
      ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () =>
    response.headersSent ? response.destroy() : response.writeHead(502).end(),
  );
  response.on('close', () => onward.destroy());
  onward.end(body);
}

async function hostScript(): Promise<string> {
  const bundle = await rolldown({
    input: join(root, 'test', 'page', 'host', 'main.tsx'),
    platform: 'browser',
    tsconfig: join(root, 'test', 'page', 'host', 'tsconfig.json'),
    transform: {
      jsx: { runtime: 'classic' },
      define: { 'process.env.NODE_ENV': '"production"' },
    },
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  return output[0].code;
}

function hostStyles(): string {
  const bootstrap = join(root, 'node_modules', 'bootstrap', 'dist', 'css', 'bootstrap.min.css');
  const own = join(root, 'test', 'page', 'host', 'host.css');
  return `${readFileSync(bootstrap, 'utf8')}\n${readFileSync(own, 'utf8')}`;
}

/** Stash sends the files of a plugin as one. */
function pluginFiles(folder: string, kind: 'javascript' | 'css'): string {
  const manifest = parseManifest(readFileSync(join(folder, 'plex-sync.yml'), 'utf8'));
  return manifest[kind].map((name) => `${readFileSync(join(folder, name), 'utf8')}\n`).join('');
}
