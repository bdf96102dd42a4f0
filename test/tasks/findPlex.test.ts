// Finding Plex, on this machine's own loopback alone: simulators, other servers, and an answerer of
// searches. The likely addresses of a real network are only listed here, never asked.
import { createSocket } from 'node:dgram';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPlexSimulator, type PlexSimulator } from '../../simulators/plex/server.ts';
import { readArguments } from '../../src/contract/arguments.ts';
import { findPlexAnswer, findPlexArguments } from '../../src/contract/findPlex.ts';
import { type GdmTarget, searchByGdm, serverOf } from '../../src/plex/gdm.ts';
import { foundLines, lookFor } from '../../src/tasks/findPlex.ts';
import { gatewayOf, likelyAddresses } from '../../src/tasks/likelyAddresses.ts';
import { makePlace } from '../cli/support.ts';

const limitMs = 1_000;

async function startPlex(): Promise<PlexSimulator> {
  const plex = await startPlexSimulator();
  onTestFinished(() => plex.close());
  return plex;
}

async function startOther(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers each search with these texts, as a server in the network does. */
async function startAnswerer(...answers: readonly string[]): Promise<GdmTarget> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { address, port }) => {
    if (message.toString() !== 'M-SEARCH * HTTP/1.1\r\n\r\n') return;
    for (const answer of answers) socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    socket.close();
  });
  return { address: '127.0.0.1', port: socket.address().port };
}

function told(port: number | string, name = 'Living room'): string {
  const headers = [
    'Content-Type: plex/media-server',
    `Name: ${name}`,
    `Port: ${port}`,
    'Resource-Identifier: abc',
    'Version: 1.2.3',
  ];
  return `HTTP/1.0 200 OK\r\n${headers.join('\r\n')}\r\n\r\n`;
}

const portOf = (plex: PlexSimulator): number => Number(new URL(plex.url).port);

describe('looking for Plex', () => {
  it('finds those that answer as Plex, says how, and sends no token and no name of its own', async () => {
    const [one, two] = [await startPlex(), await startPlex()];
    const answer = v.parse(
      findPlexAnswer,
      await lookFor({
        candidates: [
          { url: one.url, how: 'at the setting plexUrl' },
          { url: 'http://127.0.0.1:1', how: 'nowhere' },
          { url: two.url, how: 'under the name plex' },
        ],
        targets: [],
        limitMs,
      }),
    );
    expect(answer.found.map(({ url, how }) => [url, how])).toEqual([
      [one.url, 'at the setting plexUrl'],
      [two.url, 'under the name plex'],
    ]);
    expect(answer).toMatchObject({
      asked: 3,
      sentence: '2 Plex servers were found: type one of these addresses in the setting plexUrl.',
    });
    for (const { accessLog } of [one, two]) {
      expect(accessLog.map(({ target }) => target)).toEqual(['/identity']);
      const sent = accessLog.flatMap(({ headers }) => headers).join(' ');
      expect(sent).not.toMatch(/x-plex|plexsync|cookie|apikey/i);
    }
  });

  it('takes for Plex only what answers as Plex, in time', async () => {
    const hanging = await startPlex();
    hanging.switches.hang = true;
    const starting = await startPlex();
    starting.switches.maintenance = true;
    const away = await startPlex();
    await away.goAway();
    const plex = await startPlex();
    const urls = [
      hanging.url,
      starting.url,
      away.url,
      plex.url.replace('http:', 'https:'),
      await startOther((_, response) => response.end('<html>hello</html>')),
      await startOther((_, response) => response.writeHead(302, { Location: plex.url }).end()),
      await startOther((_, response) => response.end('{"MediaContainer":{"size":0}}')),
      await startOther((_, response) => {
        response.write('{');
        const more = setInterval(() => response.write(' '.repeat(9_000)), 5);
        response.on('close', () => clearInterval(more));
      }),
      plex.url,
    ];
    const candidates = urls.map((url) => ({ url, how: 'here' }));
    const { found, asked } = await lookFor({ candidates, targets: [], limitMs });
    expect(found.map(({ url }) => url)).toEqual([plex.url]);
    expect(asked).toBe(urls.length);
  });

  it('says what to do where there is none', async () => {
    const { found, sentence } = await lookFor({
      candidates: [{ url: 'http://127.0.0.1:1', how: 'here' }],
      targets: [],
      limitMs,
    });
    expect(found).toEqual([]);
    expect(sentence).toMatch(/^No Plex was found at 1 address\. Type the address/);
  });

  it('searches the network as well, and asks who answers whether it is Plex', async () => {
    const plex = await startPlex();
    const other = await startOther((_, response) => response.end('no'));
    const target = await startAnswerer(
      told(portOf(plex), 'Attic\u001b[31m'),
      told(new URL(other).port, 'A liar'),
      told(70_000),
      'NOTIFY * HTTP/1.1\r\n\r\n',
    );
    const answer = await lookFor({ candidates: [], targets: [target], limitMs });
    expect(answer.found).toMatchObject([
      { url: plex.url, how: 'by a search in the network', name: 'Attic\u001b[31m' },
    ]);
    expect(answer.asked).toBe(2);
    expect(plex.accessLog.map(({ target: asked }) => asked)).toEqual(['/identity']);
  });

  it('tells one address once, and a name that it heard at all of a server’s addresses', async () => {
    const plex = await startPlex();
    const target = await startAnswerer(told(portOf(plex), 'Attic'));
    const byName = plex.url.replace('127.0.0.1', 'localhost');
    const { found, sentence } = await lookFor({
      candidates: [
        { url: plex.url, how: 'at the setting plexUrl' },
        { url: byName, how: 'under a name' },
      ],
      targets: [target],
      limitMs,
    });
    expect(found.map(({ url, how, name }) => [url, how, name])).toEqual([
      [plex.url, 'at the setting plexUrl', 'Attic'],
      [byName, 'under a name', 'Attic'],
    ]);
    expect(sentence).toMatch(/^A Plex was found: type one of these addresses/);
    expect(foundLines({ found, asked: 2, sentence })[0]).toMatch(/"Attic", Plex \d/);
  });

  it('goes on where the network takes no search', async () => {
    expect(await searchByGdm([{ address: '127.0.0.1', port: 1 }], 50)).toEqual([]);
    expect(await searchByGdm([], 50)).toEqual([]);
  });
});

describe('an answer to a search', () => {
  it('is read as Plex writes it, and nothing else is', () => {
    expect(serverOf(told(32_400), '10.0.0.5')).toEqual({
      address: '10.0.0.5',
      port: 32_400,
      name: 'Living room',
    });
    expect(serverOf(told('32400', ''), '10.0.0.5')?.name).toBeNull();
    for (const wrong of [
      '',
      'x',
      'HTTP/1.0 404 Not Found\r\n\r\n',
      told(0),
      told('x'),
      told(65_536),
    ]) {
      expect(serverOf(wrong, '10.0.0.5')).toBeNull();
    }
    expect(serverOf(told(1).replace('media-server', 'media-player'), '10.0.0.5')).toBeNull();
  });
});

describe('the likely addresses', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  ].join('\n');

  it('begin with what is set, and are those under which a Plex is found as a rule', () => {
    const urls = likelyAddresses('http://nas:32400').map(({ url }) => url);
    expect(urls.slice(0, 5)).toEqual([
      'http://nas:32400',
      'http://127.0.0.1:32400',
      'http://plex:32400',
      'http://plexmediaserver:32400',
      'http://host.docker.internal:32400',
    ]);
    expect(likelyAddresses(null)[0]?.url).toBe('http://127.0.0.1:32400');
  });

  it('hold the gateway of the default route', () => {
    expect(gatewayOf(table)).toBe('172.17.0.1');
    expect(gatewayOf(table.split('\n').slice(0, 2).join('\n'))).toBeNull();
    expect(gatewayOf('nonsense')).toBeNull();
  });
});

describe('the operation find-plex', () => {
  it.each([
    [''],
    ['192.168.1.10'],
    ['http://a:1,'],
    ['http://user:secret@plex:32400'],
    ['ftp://plex:21'],
    [[]],
    [[1]],
    [7],
    [Array.from({ length: 51 }, () => 'http://127.0.0.1:1')],
  ])('refuses addresses that are none: %j', (addresses) => {
    expect(() => readArguments(findPlexArguments, { addresses })).toThrow(
      /^The argument "addresses" must be addresses such as/,
    );
  });

  it('asks only the addresses that it is told, from a terminal', async () => {
    const plex = await startPlex();
    const place = makePlace();
    const list = `${plex.url}/ , http://127.0.0.1:1`;
    const text = await place.plexsync('find-plex', '--addresses', list);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain(`${plex.url}  found where you said: Plex `);
    const json = await place.plexsync('find-plex', '--addresses', list, '--json');
    const answer = v.parse(findPlexAnswer, JSON.parse(json.stdout));
    expect(answer).toMatchObject({ asked: 2, found: [{ url: plex.url, name: null }] });
  });
});
