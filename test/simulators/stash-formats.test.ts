// How the simulated Stash writes what Go would write.
import { describe, expect, test } from 'vitest';
import { goJson, goMap, rfc3339Nano, rfc3339Seconds } from '../../simulators/stash/goFormats.ts';

describe('JSON', () => {
  test('keeps the order of structs and sorts maps by bytes, numbers among the keys too', () => {
    const value = { b: 1, a: { 10: 1, 9: 2 } };
    expect(goJson(value)).toBe('{"b":1,"a":{"9":2,"10":1}}');
    expect(goJson(goMap(value))).toBe('{"a":{"10":1,"9":2},"b":1}');
    expect(goJson(goMap({ é: 1, z: 2, Z: 3 }))).toBe('{"Z":3,"z":2,"é":1}');
  });

  test('leaves out what is undefined and writes null where there is nothing', () => {
    expect(goJson({ a: undefined, b: null, c: [], d: '' })).toBe('{"b":null,"c":[],"d":""}');
    expect(goJson(undefined)).toBe('null');
  });

  test('escapes what HTML could take for markup', () => {
    expect(goJson(`<a href="x">&</a>`)).toBe(
      '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e"',
    );
  });
});

describe('times', () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 10, 120);

  test.each([
    [0, '2026-01-02T03:04:10Z', '2026-01-02T03:04:10.12Z'],
    [120, '2026-01-02T05:04:10+02:00', '2026-01-02T05:04:10.12+02:00'],
    [-210, '2026-01-01T23:34:10-03:30', '2026-01-01T23:34:10.12-03:30'],
  ])('are local with an offset of %d minutes', (offset, seconds, nano) => {
    expect(rfc3339Seconds(atMs, offset)).toBe(seconds);
    expect(rfc3339Nano(atMs, offset)).toBe(nano);
  });

  test('have no fraction where there is none', () => {
    expect(rfc3339Nano(Date.UTC(2026, 0, 2, 3, 4, 10), 0)).toBe('2026-01-02T03:04:10Z');
  });
});
