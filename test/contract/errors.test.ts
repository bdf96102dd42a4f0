// The one error class and how it is told from others.
import { describe, expect, it } from 'vitest';
import {
  errorCodes,
  isPlexSyncError,
  PlexSyncError,
  toPlexSyncError,
} from '../../src/contract/errors.ts';

describe('a PlexSync error', () => {
  it('carries its code, status, waiting time, field and cause', () => {
    const cause = new Error('why');
    const error = new PlexSyncError('plex-rate-limited', 'slow down', {
      status: 429,
      retryAfterMs: 7,
      field: 'title',
      cause,
    });
    expect(error).toMatchObject({
      code: 'plex-rate-limited',
      message: 'slow down',
      status: 429,
      retryAfterMs: 7,
      field: 'title',
      cause,
    });
    expect(Object.keys(new PlexSyncError('internal', 'x'))).not.toContain('cause');
  });

  it('is known by its brand, so that a second copy of the class is known as well', () => {
    expect(isPlexSyncError(new PlexSyncError('internal', 'x'))).toBe(true);
    expect(isPlexSyncError(Object.assign(new Error('x'), { brand: 'plexsync-error' }))).toBe(true);
    expect(isPlexSyncError(new Error('x'))).toBe(false);
    expect(isPlexSyncError({ brand: 'plexsync-error' })).toBe(false);
    expect(isPlexSyncError(null)).toBe(false);
  });

  it('is made of anything thrown, keeping the cause', () => {
    const own = new PlexSyncError('stash-timeout', 'x');
    expect(toPlexSyncError(own)).toBe(own);
    const foreign = new TypeError('bad');
    expect(toPlexSyncError(foreign)).toMatchObject({
      code: 'internal',
      message: 'bad',
      cause: foreign,
    });
    expect(toPlexSyncError('text')).toMatchObject({ code: 'internal', message: 'text' });
    expect(toPlexSyncError(undefined)).toMatchObject({ code: 'internal', message: 'undefined' });
  });

  it('has codes that are all different, in the form that dead letters store', () => {
    expect(new Set(errorCodes).size).toBe(errorCodes.length);
    for (const code of errorCodes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
