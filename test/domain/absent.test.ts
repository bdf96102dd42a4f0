// How much may be missing in Stash and still be taken for deleted.
import { describe, expect, it } from 'vitest';
import { isFarFewer } from '../../src/domain/gaps/absent.ts';

describe('[1.5 RECV-05] what Stash lists no more', () => {
  it('is taken for a library built anew where more is missing than there, and more than 20', () => {
    expect(isFarFewer(10, 21)).toBe(true);
    expect(isFarFewer(0, 21)).toBe(true);
    expect(isFarFewer(10, 20)).toBe(false);
    expect(isFarFewer(21, 21)).toBe(false);
    expect(isFarFewer(99_000, 1_000)).toBe(false);
    expect(isFarFewer(5, -3)).toBe(false);
  });
});
