// What may leave for Plex: known fields with values that a request can carry, and nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlexSyncError } from '../../src/contract/errors.ts';
import { isPlexSyncError } from '../../src/contract/errors.ts';
import { maxEncodedBytes } from '../../src/domain/mirror/desired.ts';
import { fields, type ItemEdit, scalarFields, tagFields } from '../../src/domain/base/plexItem.ts';
import { cleanLine, cleanText, cutToEncodedBytes } from '../../src/domain/base/text.ts';
import { checkEdit, editCheck } from '../../src/plex/editSchema.ts';
import { ratingKeys } from '../../src/plex/ratingKeys.ts';
import { answering, failureOf, identityContainer, openClient, startHttp } from './support.ts';

const nothing: ItemEdit = { scalars: {}, tags: {}, removeTags: {}, locks: {} };
const checkMirror = editCheck(maxEncodedBytes);

function refusal(edit: object, check: (edit: ItemEdit) => void = checkEdit): PlexSyncError | null {
  try {
    // What the compiler would not let through either is what this is about.
    check(Object.assign({ ...nothing }, edit));
    return null;
  } catch (error) {
    if (!isPlexSyncError(error)) throw error;
    return error;
  }
}

describe('an edit', () => {
  it('of every field, with its locks, may go out', () => {
    const whole: ItemEdit = {
      scalars: {
        title: 'Ünï & co 👩‍👩‍👧 שלום',
        titleSort: 'Tab\tin it',
        summary: 'Two\nlines\r\nand more',
        originallyAvailableAt: '2024-02-29',
        studio: '',
        contentRating: 'XXX',
      },
      tags: Object.fromEntries(tagFields.map((field) => [field, ['A', 'B, c', ' padded ']])),
      roleTexts: { 'B, c': 'The "Captain",\nlater the cook' },
      removeTags: Object.fromEntries(tagFields.map((field) => [field, ['Z']])),
      locks: Object.fromEntries(fields.map((field, at) => [field, at % 2 === 0])),
    };
    expect(refusal(whole)).toBeNull();
    expect(refusal(nothing)).toBeNull();
    expect(refusal({ scalars: { originallyAvailableAt: '' } })).toBeNull();
  });

  it.each([
    [{ scalars: { title: 'a\u0000b' } }, 'title', 'control character'],
    [{ scalars: { summary: 'a\u001bb' } }, 'summary', 'control character'],
    [{ scalars: { studio: 'a\u007f' } }, 'studio', 'control character'],
    [{ scalars: { title: 'two\nlines' } }, 'title', 'more than one line'],
    [{ scalars: { title: 'half \ud83d' } }, 'title', 'half a character'],
    [{ scalars: { title: 7 } }, 'title', 'no text'],
    [{ scalars: { originallyAvailableAt: '2024' } }, 'originallyAvailableAt', 'no date'],
    [{ scalars: { originallyAvailableAt: '2024-13-01' } }, 'originallyAvailableAt', 'no date'],
    [{ scalars: { originallyAvailableAt: '2023-02-29' } }, 'originallyAvailableAt', 'no date'],
    [{ scalars: { originallyAvailableAt: '24-02-01' } }, 'originallyAvailableAt', 'no date'],
    [{ scalars: { summary: 'x'.repeat(16_001) } }, 'summary', 'longer than the 16000 bytes'],
    [{ scalars: { summary: 'ü'.repeat(2_700) } }, 'summary', 'longer than the 16000 bytes'],
    [{ scalars: { year: '2024' } }, 'year', 'no field that PlexSync writes'],
    [{ tags: { genre: ['A', ''] } }, 'genre', 'without a name'],
    [{ tags: { genre: ['A', ' \t'] } }, 'genre', 'without a name'],
    [{ tags: { actor: ['A\u0001'] } }, 'actor', 'control character'],
    [{ tags: { label: ['x'.repeat(4_001)] } }, 'label', 'longer than the 4000 bytes'],
    [{ tags: { collection: 'A' } }, 'collection', 'no list of tags'],
    [{ tags: { studio: ['A'] } }, 'studio', 'no field that PlexSync writes'],
    [{ removeTags: { director: [''] } }, 'director', 'without a name'],
    [{ removeTags: { mood: ['A'] } }, 'mood', 'no field that PlexSync writes'],
    [{ roleTexts: { A: 'half \ud83d' } }, 'A', 'half a character'],
    [{ locks: { title: 1 } }, 'title', 'neither on nor off'],
    [{ locks: { thumb: true } }, 'thumb', 'no field that PlexSync writes'],
    [{ scalars: { title: 'Fine', summary: '\u0008' } }, 'summary', 'control character'],
    [{ posters: {} }, 'posters', ''],
  ])('is refused with the field and the reason: %j', (edit, field, reason) => {
    const error = refusal(edit);
    expect(error).toMatchObject({ code: 'edit-invalid', field });
    expect(error?.message).toMatch(new RegExp(`^Not sent to Plex: ${field} .*${reason}`));
  });

  it('is refused without its value in the message', () => {
    const error = refusal({ scalars: { title: 'Private matter\u0000' } });
    expect(error?.message).not.toContain('Private');
  });

  it('of a scene is held to the length of each field', () => {
    for (const field of scalarFields) {
      if (field === 'originallyAvailableAt') continue;
      const longest = 'x'.repeat(maxEncodedBytes[field]);
      expect(refusal({ scalars: { [field]: longest } }, checkMirror)).toBeNull();
      expect(refusal({ scalars: { [field]: `${longest}x` } }, checkMirror)).toMatchObject({
        code: 'edit-invalid',
        field,
      });
    }
  });

  it('made of any text at all may go out once the text was cleaned and cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const title = cutToEncodedBytes(cleanLine(text), maxEncodedBytes.title);
        const summary = cutToEncodedBytes(cleanText(text), maxEncodedBytes.summary);
        const genre = title === '' ? [] : [title];
        const edit = { scalars: { title, summary }, tags: { genre } };
        expect(refusal(edit, checkMirror)).toBeNull();
      }),
    );
  });
});

describe('the client', () => {
  it('sends nothing of an edit that must not go out', async () => {
    const server = await startHttp(answering(identityContainer));
    const client = openClient(server.url);
    const edit = { ...nothing, scalars: { title: 'a\u0000b' }, locks: { title: true } };
    const failure = await failureOf(client.edit('1', ratingKeys(['7']), edit));
    expect(failure).toMatchObject({ code: 'edit-invalid', field: 'title' });
    expect(server.seen).toEqual([]);
  });
});
