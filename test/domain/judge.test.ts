// What a failed call to Plex means: every status and every network failure, under all evidence.
// The rules are written here a second time, from the requirement and not from the code.
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, PlexSyncError } from '../../src/contract/errors.ts';
import { type Evidence, isSuspect, judge, type Verdict } from '../../src/domain/recover/failure.ts';
import { deadlineCode, errorFromFailure, errorFromStatus } from '../../src/plex/failures.ts';

const allEvidence: readonly Evidence[] = (['good', 'bad'] as const).flatMap((read) =>
  (['good', 'bad', 'none'] as const).flatMap((otherWrite) =>
    [0, 1, 2, 3, 4, 59, 60, 61].map((aloneFailures) => ({ read, otherWrite, aloneFailures })),
  ),
);

/**
 * Read and other write both good: the item's. Else the server's, but not for ever: three times with
 * no other item, or where Plex is gone after each write; sixty times where others fail as well.
 */
function byEvidence({ read, otherWrite, aloneFailures }: Evidence): Verdict {
  if (read === 'good' && otherWrite === 'good') return { kind: 'item' };
  const othersFail = read === 'good' && otherWrite === 'bad';
  if (aloneFailures >= (othersFail ? 60 : 3)) return { kind: 'item' };
  return { kind: 'server' };
}

function byStatus(status: number, evidence: Evidence): Verdict {
  if (status === 401 || status === 403) return { kind: 'token' };
  if (status === 404) return { kind: 'look-up-again' };
  if (status === 429) return { kind: 'wait', ms: 60_000 };
  if (status >= 400 && status <= 499) return { kind: 'permanent' };
  if (status === 503) return { kind: 'server' };
  return byEvidence(evidence);
}

describe('[1.0 RTRY-02] the verdict on a failed call', () => {
  it('is right for every status from 100 to 599 under all evidence', () => {
    let checked = 0;
    for (let status = 100; status <= 599; status += 1) {
      const error = errorFromStatus(status, undefined, 'plex:32400', 0);
      for (const evidence of allEvidence) {
        expect([status, evidence, judge(error, evidence)]).toEqual([
          status,
          evidence,
          byStatus(status, evidence),
        ]);
        checked += 1;
      }
    }
    expect(checked).toBe(500 * 48);
  });

  it('waits as long as a 429 says, and costs nobody an attempt', () => {
    for (const evidence of allEvidence) {
      const error = errorFromStatus(429, '120', 'plex:32400', 0);
      expect(judge(error, evidence)).toEqual({ kind: 'wait', ms: 120_000 });
    }
    const now = Date.UTC(2025, 10, 21, 10, 0, 0);
    const dated = errorFromStatus(429, 'Fri, 21 Nov 2025 10:00:30 GMT', 'plex:32400', now);
    expect(judge(dated, { read: 'good', otherWrite: 'good', aloneFailures: 0 })).toEqual({
      kind: 'wait',
      ms: 30_000,
    });
  });

  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'ECONNRESET',
    'ETIMEDOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'EPROTO',
    'SOMETHING_NEW',
  ])('is the server for %s while connecting, whatever else is seen', (code) => {
    const error = errorFromFailure(withCode(code), 'connecting', 'plex:32400');
    for (const evidence of allEvidence) {
      expect(judge(error, evidence)).toEqual({ kind: 'server' });
    }
  });

  it.each([
    ['ECONNRESET', 'waiting'],
    ['ECONNRESET', 'reading'],
    ['EPIPE', 'waiting'],
    ['UND_ERR_SOCKET', 'waiting'],
    ['UND_ERR_HEADERS_TIMEOUT', 'waiting'],
    ['UND_ERR_BODY_TIMEOUT', 'reading'],
    ['ETIMEDOUT', 'waiting'],
    [deadlineCode, 'waiting'],
    [deadlineCode, 'reading'],
    ['HPE_INVALID_CONSTANT', 'waiting'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'reading'],
    ['SOMETHING_NEW', 'waiting'],
    ['SOMETHING_NEW', 'reading'],
  ] as const)('depends on the evidence for %s while %s', (code, phase) => {
    const error = errorFromFailure(withCode(code), phase, 'plex:32400');
    for (const evidence of allEvidence) {
      expect(judge(error, evidence)).toEqual(byEvidence(evidence));
    }
  });

  it('is bounded by attempts for a fault of our own, so that nothing loops for ever', () => {
    for (const code of ['UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_INVALID_ARG']) {
      const error = errorFromFailure(withCode(code), 'waiting', 'plex:32400');
      for (const evidence of allEvidence) {
        expect(judge(error, evidence)).toEqual({ kind: 'item' });
      }
    }
  });

  it('is permanent for a bad scene and for a write that Plex twice did not show', () => {
    for (const code of ['scene-invalid', 'edit-invalid', 'plex-not-confirmed'] as const) {
      for (const evidence of allEvidence) {
        expect(judge(new PlexSyncError(code, 'x'), evidence)).toEqual({ kind: 'permanent' });
      }
    }
  });

  it('never blames an item for what only the server can do, and never opens on an item alone', () => {
    for (const code of errorCodes) {
      for (const evidence of allEvidence) {
        const verdict = judge(new PlexSyncError(code, 'x'), evidence);
        // 503, a refused connection: costs nobody an attempt.
        if (isServerOnly(code)) expect(verdict.kind).toBe('server');
        // Read good and another write good: never the server.
        if (!isServerOnly(code) && evidence.read === 'good' && evidence.otherWrite === 'good') {
          expect(verdict.kind).not.toBe('server');
        }
      }
    }
  });
});

describe('a suspicious error', () => {
  it('is one whose verdict depends on the evidence, and no other is', () => {
    for (const code of errorCodes) {
      const verdicts = new Set(
        allEvidence.map((evidence) =>
          JSON.stringify(judge(new PlexSyncError(code, 'x'), evidence)),
        ),
      );
      expect([code, isSuspect(code)]).toEqual([code, verdicts.size > 1]);
    }
  });
});

function isServerOnly(code: ErrorCode): boolean {
  return ['plex-unreachable', 'plex-connect-timeout', 'plex-maintenance'].includes(code);
}

function withCode(code: string): Error {
  return Object.assign(new Error('text that must not matter: 503 timeout'), { code });
}
