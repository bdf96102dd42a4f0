import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpoolName } from '../../src/capture/event.ts';

describe('the name of a spool file', () => {
  it('tells the hook, the entity, the life of Stash and the writer', () => {
    expect(parseSpoolName('Scene.Update.Post-12-345.6789-4711-0')).toEqual({
      type: 'Scene.Update.Post',
      id: 12,
      stashPid: 345,
      stashStart: 6789,
      writerPid: 4711,
      n: 0,
    });
  });

  it('may hold neither type nor id', () => {
    expect(parseSpoolName('unknown-0-1.0-4711-13')).toMatchObject({
      type: 'unknown',
      id: 0,
      stashStart: 0,
      n: 13,
    });
  });

  it.each([
    '',
    'missed-since',
    'supervisor',
    'Scene.Update.Post-12-345.6789-4711',
    'Scene.Update.Post-12-345-4711-0',
    'Scene.Update.Post-12-345.6789-4711-0.tmp',
    'Scene.Update.Post--345.6789-4711-0',
    'Scene Update-12-345.6789-4711-0',
    '../x-12-345.6789-4711-0',
    'Scene.Update.Post-12-345.6789-4711-0\n',
    `Scene.Update.Post-${'9'.repeat(16)}-345.6789-4711-0`,
  ])('is not %j', (name) => {
    expect(parseSpoolName(name)).toBeNull();
  });

  it('is read back exactly, whatever its parts', () => {
    const number = fc.integer({ min: 0, max: 999_999_999_999_999 });
    const type = fc.stringMatching(/^[A-Za-z.]{1,40}$/);
    fc.assert(
      fc.property(type, fc.tuple(number, number, number, number, number), (type, numbers) => {
        const [id, stashPid, stashStart, writerPid, n] = numbers;
        const name = `${type}-${id}-${stashPid}.${stashStart}-${writerPid}-${n}`;
        expect(parseSpoolName(name)).toEqual({ type, id, stashPid, stashStart, writerPid, n });
      }),
    );
  });
});
