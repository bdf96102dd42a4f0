// Every way in which the conversation with Plex can break ends in its own code, in time, and
// without the token in the error.
import { describe, expect, it } from 'vitest';
import { encodeEdit } from '../../src/plex/editQuery.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import {
  answering,
  canaryToken,
  failureOf,
  identityContainer,
  openClient,
  startHttp,
  startTcp,
  wireAnswer,
} from './support.ts';

/** Every limit small, so that the limit on the whole call is small too. */
const allShort = {
  connectMs: 1_000,
  readHeadersMs: 1_000,
  readBodyMs: 1_000,
  writeHeadersMs: 1_000,
  writeBodyMs: 1_000,
};
const titleEdit = { scalars: { title: 'x' }, tags: {}, removeTags: {}, locks: {} };
const seven = ratingKeys(['7']);

describe('a server that cannot be reached', () => {
  it('is unreachable when nothing listens, and the message says where', async () => {
    const server = await startHttp(answering(identityContainer));
    await server.close();
    const failure = await failureOf(openClient(server.url).server());
    expect(failure.code).toBe('plex-unreachable');
    expect(failure.message).toBe(
      `Plex at 127.0.0.1:${server.port} cannot be reached: nothing listens there.`,
    );
  });

  it('times out connecting when the other side accepts and never finishes the handshake', async () => {
    const server = await startTcp(() => {});
    const client = openClient(server.url.replace('http:', 'https:'), { connectMs: 300 });
    expect((await failureOf(client.server())).code).toBe('plex-connect-timeout');
  });

  it('is unreachable by https when it speaks only http', async () => {
    const server = await startHttp(answering(identityContainer));
    const client = openClient(server.url.replace('http:', 'https:'));
    const failure = await failureOf(client.server());
    expect(failure.code).toBe('plex-unreachable');
    expect(failure.message).toContain('does not speak https');
  });
});

describe('[1.0 RTRY-04] a server that falls silent', () => {
  it('ends a read whose answer never begins', async () => {
    const server = await startHttp(() => {});
    const failure = await failureOf(openClient(server.url, { readHeadersMs: 300 }).server());
    expect(failure.code).toBe('plex-header-timeout');
  });

  it('ends a write whose answer never begins, by the limit for writes', async () => {
    const server = await startHttp(() => {});
    const client = openClient(server.url, { writeHeadersMs: 300 });
    const failure = await failureOf(client.edit('1', seven, titleEdit));
    expect(failure.code).toBe('plex-header-timeout');
    expect(server.seen).toHaveLength(1);
  });

  it('ends an answer that stalls in the middle of its body', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"MediaContainer":');
    });
    const failure = await failureOf(openClient(server.url, { readBodyMs: 300 }).server());
    expect(failure.code).toBe('plex-body-timeout');
  });

  it('ends a write whose answer stalls in the middle of its body', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('x');
    });
    const failure = await failureOf(
      openClient(server.url, { writeBodyMs: 300 }).edit('1', seven, titleEdit),
    );
    expect(failure.code).toBe('plex-body-timeout');
  });

  it('ends an answer that trickles for ever, though each pause is short', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(200);
      const trickle = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(trickle));
    });
    const failure = await failureOf(openClient(server.url, allShort).server());
    expect(failure.code).toBe('plex-body-timeout');
  });

  it('ends headers that trickle for ever', async () => {
    const server = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      const trickle = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(trickle));
    });
    const failure = await failureOf(openClient(server.url, allShort).server());
    expect(failure.code).toBe('plex-header-timeout');
  });

  it('still knows the status when an error page stalls', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(503, { 'Content-Length': '1000' });
      response.write('<html>');
    });
    const failure = await failureOf(openClient(server.url).server());
    expect(failure.code).toBe('plex-maintenance');
  });
});

describe('a connection that ends', () => {
  it('is a reset when it ends without an answer, and a new connection is not tried again', async () => {
    const server = await startTcp((socket) => socket.resetAndDestroy());
    const client = openClient(server.url);
    expect((await failureOf(client.server())).code).toBe('plex-reset');
    expect(client.requests).toBe(1);
  });

  it.each([
    ['politely', 'end'],
    ['abruptly', 'resetAndDestroy'],
  ] as const)('is a reset when it ends %s in the middle of the headers', async (_how, end) => {
    const server = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Le', () => socket[end]());
    });
    const client = openClient(server.url);
    expect((await failureOf(client.server())).code).toBe('plex-reset');
    expect(client.requests).toBe(1);
  });

  it.each([
    ['politely', 'end'],
    ['abruptly', 'resetAndDestroy'],
  ] as const)('is a bad answer when it ends %s in the middle of the body', async (_how, end) => {
    const server = await startTcp((socket) => {
      const whole = wireAnswer(identityContainer);
      socket.write(whole.slice(0, -10), () => socket[end]());
    });
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-bad-answer');
  });

  it('leaves an error status as it is when the page is cut off', async () => {
    const server = await startTcp((socket) => {
      socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 500\r\n\r\n<html>');
    });
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-server-error');
  });
});

describe('an answer that is not what was asked for', () => {
  const html = `<html><body>${canaryToken}</body></html>`;

  it.each<[string, string]>([
    ['a web page', html],
    ['nothing at all', ''],
    ['JSON cut off, with a length that fits it', '{"MediaContainer":{"machineIdentifier":"a'],
    ['other JSON', '{"status":"ok"}'],
    ['JSON that is no object', '"hello"'],
    ['null', 'null'],
    ['a container without what matters', '{"MediaContainer":{"size":0}}'],
    ['text that quotes the token', `token ${canaryToken} is nice`],
  ])('is a bad answer: %s', async (_name, body) => {
    const server = await startHttp((_request, response) => response.end(body));
    const failure = await failureOf(openClient(server.url).server());
    expect(failure.code).toBe('plex-bad-answer');
  });

  it('is a bad answer: something that is not HTTP and echoes what it got', async () => {
    const server = await startTcp((socket) => socket.end(`SSH-2.0 ${canaryToken}\r\n\r\n`));
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-bad-answer');
  });

  it('is a bad answer: headers without end', async () => {
    const server = await startTcp((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nX-Big: ${canaryToken.repeat(10_000)}`);
    });
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-bad-answer');
  });

  it('is a bad answer: a body without end', async () => {
    const server = await startHttp((_request, response) => {
      const chunk = Buffer.alloc(4 * 1024 * 1024, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-bad-answer');
  });

  it('names the field that is wrong, and not what stands in it', async () => {
    const server = await startHttp(
      answering({ size: 1, Metadata: [{ ratingKey: canaryToken, librarySectionID: 1 }] }),
    );
    const failure = await failureOf(openClient(server.url).items(['7']));
    expect(failure.code).toBe('plex-bad-answer');
    expect(failure.field).toBe('MediaContainer.Metadata.0.ratingKey');
  });
});

describe('a redirect', () => {
  it('is a bad answer and is not followed', async () => {
    const target = await startHttp(answering(identityContainer));
    const server = await startHttp((_request, response) => {
      response.writeHead(302, { Location: `${target.url}/?X-Plex-Token=${canaryToken}` });
      response.end();
    });
    const failure = await failureOf(openClient(server.url).server());
    expect(failure.code).toBe('plex-bad-answer');
    expect(failure.status).toBe(302);
    expect(target.seen).toHaveLength(0);
  });
});

describe('an edit of several requests', () => {
  it('stops at the first that fails', async () => {
    const edit = {
      ...titleEdit,
      scalars: { title: 't'.repeat(5_000), summary: 's'.repeat(5_000) },
    };
    expect(encodeEdit('1', seven, edit)).toHaveLength(2);
    const server = await startHttp((_request, response) => {
      response.statusCode = 500;
      response.end();
    });
    const failure = await failureOf(openClient(server.url).edit('1', seven, edit));
    expect(failure.code).toBe('plex-server-error');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a closed client', () => {
  it('refuses further calls', async () => {
    const server = await startHttp(answering(identityContainer));
    const client = openClient(server.url);
    await client.identity();
    await client.close();
    expect((await failureOf(client.identity())).code).toBe('internal');
  });
});
