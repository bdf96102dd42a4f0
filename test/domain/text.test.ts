// Text as Plex should get it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanLine,
  cleanText,
  cutToEncodedBytes,
  encodedBytes,
  scalarKey,
  tagKey,
} from '../../src/domain/base/text.ts';

const family = '👨‍👩‍👧‍👦';
const flag = '🏳️‍🌈';
const hebrew = '\u200fשלום (abc)\u200e';
const persian = 'می\u200cخواهم';
const graphemes = (text: string): string[] =>
  [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

/** Pieces that go wrong easily, in any order. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        family,
        flag,
        hebrew,
        persian,
        'e\u0301',
        '\u0301',
        '\r\n',
        '\r',
        '\n',
        '\t',
        '\u0000',
        '\u001b[31m',
        '\u0085',
        '\u2028',
        '\ufeff',
        '\ud83d',
        '\udc00',
        ' ',
        '\u00a0',
        '\u200d',
        '한글',
        '\u1112\u1161',
        "it's (so)*!",
        '…',
      ),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

describe('[1.0 VALID-02] clean text', () => {
  it('is in NFC', () => {
    expect(cleanText('Cafe\u0301 \u1112\u1161\u11ab')).toBe('Café 한');
  });

  it('has no NUL and no other control character but line breaks', () => {
    expect(cleanText('a\u0000b\u0007c\u001b[31md\u007fe\u009bf')).toBe('abc[31mdef');
  });

  it('has every line break as \\n', () => {
    expect(cleanText('a\r\nb\rc\nd\u2028e\u2029f')).toBe('a\nb\nc\nd\ne\nf');
    expect(cleanText('a\r\n\r\nb')).toBe('a\n\nb');
  });

  it('has a blank for a tab, and none at its ends', () => {
    expect(cleanText('\t a\tb \n')).toBe('a b');
  });

  it('keeps joined emoji, joiners and direction marks as they are', () => {
    for (const text of [family, flag, hebrew, persian, `${family}${flag}`]) {
      expect(cleanText(text)).toBe(text);
      expect(cleanLine(text)).toBe(text);
    }
  });

  it('has a replacement character for half a surrogate pair, so that it can be encoded', () => {
    expect(cleanText('a\ud83db')).toBe('a\ufffdb');
    expect(cleanText('\udc00')).toBe('\ufffd');
    expect(() => encodedBytes(cleanText('x\ud83d'))).not.toThrow();
  });

  it('has no byte order mark', () => {
    expect(cleanText('\ufeffTitle')).toBe('Title');
  });

  it('is one line for a title', () => {
    expect(cleanLine('Part one \r\n  part two\n\npart three\n')).toBe(
      'Part one part two part three',
    );
  });

  it('is the same when cleaned again, and always fit to be sent', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean.normalize('NFC')).toBe(clean);
        expect(clean).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(clean.trim()).toBe(clean);
        const line = cleanLine(text);
        expect(cleanLine(line)).toBe(line);
        expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
        expect(line.normalize('NFC')).toBe(line);
      }),
      { numRuns: 1_000, seed: 21 },
    );
  });

  it('takes no time that grows with the square of a text full of blanks', () => {
    // Not a speed: a quadratic search over this length would not end within the test's limit.
    const blanks = `a${' '.repeat(400_000)}b`;
    expect(cleanLine(blanks)).toBe(blanks);
  });
});

describe('[1.0 VALID-02] a text too long for a request', () => {
  const words = Array.from({ length: 4_000 }, (_, at) => `word${at % 10}`).join(' ');

  it('of 20 KB is cut at a word, with an ellipsis, within the budget', () => {
    const summary = words.slice(0, 20_480);
    expect(summary).toHaveLength(20_480);
    for (let budget = 4_990; budget <= 5_010; budget += 1) {
      const cut = cutToEncodedBytes(summary, budget);
      expect(encodedBytes(cut)).toBeLessThanOrEqual(budget);
      // A word of 5 and an encoded blank are 8 bytes: no more than one word may be wasted.
      expect(encodedBytes(cut)).toBeGreaterThan(budget - 9 - 8);
      expect(cut).toMatch(/word\d…$/);
      expect(summary.startsWith(cut.slice(0, -1))).toBe(true);
      expect(summary[cut.length - 1]).toBe(' ');
    }
  });

  it('comes out as it is when it just fits', () => {
    const text = 'ab cd';
    expect(encodedBytes(text)).toBe(7);
    expect(cutToEncodedBytes(text, 7)).toBe(text);
    expect(cutToEncodedBytes('', 9)).toBe('');
  });

  it('is cut at a grapheme where one word fills it', () => {
    const cut = cutToEncodedBytes('x'.repeat(100), 50);
    expect(cut).toBe(`${'x'.repeat(41)}…`);
    const oneLongWord = `a ${'x'.repeat(100)}`;
    expect(cutToEncodedBytes(oneLongWord, 50)).toBe(`a ${'x'.repeat(37)}…`);
  });

  it('is never cut inside a joined emoji or before an accent', () => {
    const emoji = family.repeat(10);
    const size = encodedBytes(family);
    for (let budget = 9; budget <= encodedBytes(emoji); budget += 1) {
      const cut = cutToEncodedBytes(emoji, budget);
      const whole = Math.floor((budget - 9) / size);
      expect(cut).toBe(budget === size * 10 ? emoji : `${family.repeat(whole)}…`);
    }
    const accents = 'q\u0301'.repeat(20);
    expect(cutToEncodedBytes(accents, 30)).toBe('q\u0301q\u0301q\u0301…');
  });

  it('has no blank before the ellipsis', () => {
    expect(cutToEncodedBytes(`word   ${'y'.repeat(30)}`, 30)).not.toMatch(/\s…/);
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 9, max: 200 }), (text, budget) => {
        expect(cutToEncodedBytes(cleanText(text), budget)).not.toMatch(/\s…$/);
      }),
      { numRuns: 500, seed: 22 },
    );
  });

  it('never exceeds its budget, never tears a grapheme, and is not cut twice', () => {
    fc.assert(
      fc.property(
        fc.array(nastyText, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 9, max: 600 }),
        (pieces, budget) => {
          const text = cleanText(pieces.join(' '));
          const cut = cutToEncodedBytes(text, budget);
          expect(encodedBytes(cut)).toBeLessThanOrEqual(budget);
          expect(cutToEncodedBytes(cut, budget)).toBe(cut);
          if (cut === text) return;
          expect(encodedBytes(text)).toBeGreaterThan(budget);
          expect(cut.endsWith('…')).toBe(true);
          const kept = graphemes(cut.slice(0, -1));
          expect(graphemes(text).slice(0, kept.length)).toEqual(kept);
        },
      ),
      { numRuns: 1_000, seed: 23 },
    );
  });

  it('loses less than half of its room to the search for a word', () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 60, max: 400 }), (piece, budget) => {
        const text = cleanText(`${piece} ${'z'.repeat(1_000)}`);
        const cut = cutToEncodedBytes(text, budget);
        let whole = 0;
        let fits = 0;
        for (const grapheme of graphemes(text)) {
          whole += encodedBytes(grapheme);
          if (whole > budget - 9) break;
          fits += grapheme.length;
        }
        expect(cut.trimEnd().length - 1).toBeGreaterThanOrEqual(Math.floor(fits / 2) - 1);
      }),
      { numRuns: 300, seed: 24 },
    );
  });
});

describe('the encoded length', () => {
  it('is that of the form in which the request is written', () => {
    expect(encodedBytes('aé😀 ')).toBe(1 + 6 + 12 + 3);
    // Encoded as well in an edit, although encodeURIComponent leaves them.
    expect(encodedBytes("!'()*")).toBe(15);
  });
});

describe('two spellings', () => {
  it('are the same tag for case, outer blanks and composition', () => {
    expect(tagKey(' Cafe\u0301 ')).toBe(tagKey('café'));
    expect(tagKey('BLONDE')).toBe(tagKey('Blonde'));
    expect(tagKey('a b')).not.toBe(tagKey('ab'));
  });

  it('are the same value for line endings, outer blanks and composition, not for case', () => {
    expect(scalarKey('a\r\nb\rc ')).toBe(scalarKey('a\nb\nc'));
    expect(scalarKey('Cafe\u0301')).toBe(scalarKey('Café'));
    expect(scalarKey('A')).not.toBe(scalarKey('a'));
  });

  it('are found the same after cleaning', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const clean = cleanText(text);
        expect(scalarKey(scalarKey(clean))).toBe(scalarKey(clean));
        expect(tagKey(tagKey(clean))).toBe(tagKey(clean));
      }),
      { numRuns: 500, seed: 25 },
    );
  });
});
