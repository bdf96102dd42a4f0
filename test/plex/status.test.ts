// What each HTTP status means, over all of them, and what `Retry-After` says.
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { errorFromStatus } from '../../src/plex/failures.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import { parseRetryAfter } from '../../src/plex/retryAfter.ts';
import { canaryToken, failureOf, openClient, startHttp } from './support.ts';

const single: Readonly<Record<number, ErrorCode>> = {
  401: 'plex-unauthorized',
  403: 'plex-unauthorized',
  404: 'plex-not-found',
  429: 'plex-rate-limited',
  503: 'plex-maintenance',
};
const families: Readonly<Record<number, ErrorCode>> = {
  1: 'plex-bad-answer',
  3: 'plex-bad-answer',
  4: 'plex-bad-request',
  5: 'plex-server-error',
};
const expected = (status: number): ErrorCode | undefined =>
  single[status] ?? families[Math.floor(status / 100)];
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('a status', () => {
  it('has one meaning each, from 100 to 599, whatever the text says', () => {
    for (const status of [...range(100, 199), ...range(300, 599)]) {
      const error = errorFromStatus(status, undefined, 'plex:32400', 0);
      expect([status, error.code]).toEqual([status, expected(status)]);
      expect(error.status).toBe(status);
      expect(error.message).toContain(`plex:32400 answered ${status}`);
      expect(error.retryAfterMs).toBeUndefined();
    }
  });

  it('means the same on the wire, with an HTML page under each, for reads and for writes', async () => {
    let status = 0;
    const server = await startHttp((_request, response) => {
      response.writeHead(status, { 'Content-Type': 'text/html' });
      response.end(`<html><h1>${status}</h1>${canaryToken}</html>`);
    });
    const client = openClient(server.url);
    const edit = { scalars: { title: 'x' }, tags: {}, removeTags: {}, locks: {} };
    for (status of range(200, 599)) {
      const read = client.server();
      const code = (await failureOf(read)).code;
      // A page under 2xx is not what was asked for.
      expect([status, code]).toEqual([status, expected(status) ?? 'plex-bad-answer']);

      const write = client.edit('1', ratingKeys(['7']), edit);
      // Plex's answer to an edit has no content worth reading.
      if (status < 300) await write;
      else expect([status, (await failureOf(write)).code]).toEqual([status, expected(status)]);
    }
    expect(server.connections()).toBeLessThan(50);
  });

  it('is maintenance when Plex says so in its bare JSON', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '7' });
      response.end('{"code":503,"title":"Maintenance","status":"Plex Media Server is currently…"}');
    });
    const failure = await failureOf(openClient(server.url).sections());
    expect(failure.code).toBe('plex-maintenance');
    expect(failure.status).toBe(503);
    expect(failure.retryAfterMs).toBe(7_000);
  });

  it('keeps a Retry-After that is a date', async () => {
    const server = await startHttp((_request, response) => {
      response.writeHead(429, { 'Retry-After': 'Fri, 21 Nov 2025 10:00:30 GMT' });
      response.end();
    });
    const now = (): number => Date.UTC(2025, 10, 21, 10, 0, 0);
    const failure = await failureOf(openClient(server.url, {}, now).server());
    expect(failure.code).toBe('plex-rate-limited');
    expect(failure.retryAfterMs).toBe(30_000);
  });

  it('comes after any number of interim ones', async () => {
    const server = await startHttp((_request, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.writeProcessing();
      response.statusCode = 404;
      response.end();
    });
    expect((await failureOf(openClient(server.url).server())).code).toBe('plex-not-found');
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);
  it.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    [' 2 ', 2_000],
    ['1.5', 1_500],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sat, 05 Nov 1994 08:49:37 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['1e9', undefined],
    ['99999999999999999999', undefined],
    ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
  ])('%j is %j milliseconds', (header, expectedMs) => {
    expect(parseRetryAfter(header, now)).toBe(expectedMs);
  });
});
