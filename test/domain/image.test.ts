// What is decided about pictures and ratings.
import { describe, expect, it } from 'vitest';
import {
  imageTypeOf,
  isChosenByPerson,
  isSameCover,
  isSentImage,
  isUploadOf,
  type KnownImage,
} from '../../src/domain/mirror/image.ts';
import { plexRating, ratingStep } from '../../src/domain/mirror/rating.ts';
import { bitmap, gif, jpeg, png, webp } from '../helpers/pictures.ts';

const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const other = '0000000000000000000000000000000000000001';

describe('bytes are a picture', () => {
  it.each([
    ['image/jpeg', jpeg('')],
    ['image/png', png('')],
    ['image/webp', webp('')],
    ['image/gif', gif('')],
    [null, bitmap()],
    [null, Buffer.from('<svg/>')],
    [null, Buffer.from('<html>')],
    [null, Buffer.from([0xff, 0xd8])],
    [null, Buffer.from('RIFFxxxxWAVE')],
    [null, Buffer.alloc(0)],
  ])('of the type %s by how they begin', (type, bytes) => {
    expect(imageTypeOf(bytes)).toBe(type);
  });
});

describe('a cover is the one that was read last', () => {
  const known: KnownImage = {
    ratingKey: '7',
    sceneId: 1,
    address: 'http://stash/scene/1/screenshot?t=1000',
    readAt: 1_002_000,
  };

  it('where the scene was not changed since, and the read came well after its change', () => {
    expect(isSameCover(known, 1, known.address)).toBe(true);
    expect(isSameCover(known, 1, 'https://elsewhere/scene/1/screenshot?x=1&t=1000')).toBe(true);
  });

  it('but not where it was changed since', () => {
    expect(isSameCover(known, 1, 'http://stash/scene/1/screenshot?t=1001')).toBe(false);
  });

  it('nor where the cover may have come in the second of the read', () => {
    expect(isSameCover({ ...known, readAt: 1_001_999 }, 1, known.address)).toBe(false);
  });

  it('nor where it was another scene, or the address tells no time', () => {
    expect(isSameCover(known, 2, known.address)).toBe(false);
    const address = 'http://stash/scene/1/screenshot';
    expect(isSameCover({ ...known, address }, 1, address)).toBe(false);
  });
});

describe('a picture in Plex is a person’s choice', () => {
  const own = { sha1s: new Set([sha1]), names: new Set(['upload://posters/named-otherwise']) };
  const showing = (name: string) => [
    { name: `upload://posters/${other}`, selected: false },
    { name, selected: true },
  ];

  it('where it is locked and not one of ours', () => {
    expect(isChosenByPerson(true, showing(`upload://posters/${other}`), own)).toBe(true);
    expect(isChosenByPerson(true, showing('metadata://posters/com.plexapp_1'), own)).toBe(true);
    expect(isChosenByPerson(true, showing(`https://x.example/${sha1}`), own)).toBe(true);
  });

  it('where it is locked and none is shown', () => {
    expect(isChosenByPerson(true, [], own)).toBe(true);
  });

  it('but not where it is one of ours, by the hash of its bytes or by its name', () => {
    expect(isChosenByPerson(true, showing(`upload://posters/${sha1}`), own)).toBe(false);
    expect(isChosenByPerson(true, showing('upload://posters/named-otherwise'), own)).toBe(false);
  });

  it('where it is not locked, but was uploaded and is not one of ours', () => {
    expect(isChosenByPerson(false, showing(`upload://posters/${other}`), own)).toBe(true);
    expect(isChosenByPerson(false, showing(`upload://posters/${sha1}`), own)).toBe(false);
  });

  it('nor where nothing is locked and Plex found it by itself', () => {
    expect(isChosenByPerson(false, showing('metadata://posters/com.plexapp_1'), own)).toBe(false);
    expect(isChosenByPerson(false, showing('https://x.example/1'), own)).toBe(false);
    expect(isChosenByPerson(false, [], own)).toBe(false);
  });

  it('an upload is known by the SHA-1 at the end of its name', () => {
    expect(isUploadOf(`upload://posters/${sha1.toUpperCase()}`, sha1)).toBe(true);
    expect(isUploadOf(`upload://art/${sha1}`, sha1)).toBe(true);
    expect(isUploadOf(`metadata://posters/${sha1}`, sha1)).toBe(false);
  });

  it('after an upload a name without any hash is believed, one with another hash is not', () => {
    expect(isSentImage({ name: `upload://posters/${sha1}`, selected: true }, sha1)).toBe(true);
    expect(isSentImage({ name: 'upload://posters/17', selected: true }, sha1)).toBe(true);
    expect(isSentImage({ name: `upload://posters/${other}`, selected: true }, sha1)).toBe(false);
    expect(isSentImage({ name: 'metadata://posters/17', selected: true }, sha1)).toBe(false);
  });
});

describe('a rating', () => {
  it.each([
    [null, null],
    [0, null],
    [1, 1],
    [4, 1],
    [14, 1],
    [15, 2],
    [50, 5],
    [74, 7],
    [75, 8],
    [99, 10],
    [100, 10],
  ])('of %s in Stash is one of %s half stars in Plex', (rating100, rating) => {
    expect(plexRating(rating100)).toBe(rating);
  });

  const never = { pushed: undefined, intent: undefined };
  const ours = (pushed: number | null) => ({ pushed, intent: undefined });

  it.each([
    ['Plex shows it', 80, 8, never, { kind: 'equal', rating: 8 }],
    ['Plex shows it as that half star', 75, 7.5, never, { kind: 'equal', rating: 8 }],
    ['neither has one', null, null, never, { kind: 'equal', rating: null }],
    ['Plex has none', 80, null, never, { kind: 'rate', rating: 8 }],
    ['Plex has one that is not ours', 80, 7, never, { kind: 'kept' }],
    ['Plex has ours of before', 80, 7, ours(7), { kind: 'rate', rating: 8 }],
    ['Plex has ours and Stash has none any more', null, 7, ours(7), { kind: 'rate', rating: null }],
    ['Plex has one that is not ours and Stash none', null, 7, never, { kind: 'kept' }],
    ['a person took ours away', 80, null, ours(8), { kind: 'kept' }],
    ['a person gave another than ours', 80, 3, ours(8), { kind: 'kept' }],
    ['ours was under way', 80, 7, { pushed: 5, intent: 7 }, { kind: 'rate', rating: 8 }],
  ])('where %s', (_, rating100, userRating, known, step) => {
    expect(ratingStep(rating100, userRating, known, 'mirror')).toEqual(step);
  });

  it('is written once with “fill”, and never with “off”', () => {
    expect(ratingStep(80, null, never, 'fill')).toEqual({ kind: 'rate', rating: 8 });
    expect(ratingStep(80, 6, ours(6), 'fill')).toEqual({ kind: 'nothing' });
    expect(ratingStep(80, null, ours(6), 'fill')).toEqual({ kind: 'nothing' });
    expect(ratingStep(80, null, never, 'off')).toEqual({ kind: 'nothing' });
  });
});
