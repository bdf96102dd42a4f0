import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpoolEvent } from '../../src/capture/event.ts';
import { readJsonPrefix } from '../../src/capture/jsonPrefix.ts';
import { goJson, sceneDestroy, sceneUpdate, tagMerge } from './samples.ts';

const shared =
  process.env['PLEXSYNC_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const recorded = `${shared}/data/stash/stdin-samples.json`;

/** Each cut of a payload must tell the truth or nothing, in both decodings of the bytes. */
function expectTruthAtEveryLength(text: string): void {
  const name = 'unknown-0-1.2-3-4';
  const bytes = Buffer.from(text);
  const whole = parseSpoolEvent(name, text);
  for (let length = 0; length < bytes.length; length += 1) {
    const cut = parseSpoolEvent(name, bytes.subarray(0, length).toString('utf8'));
    if (cut.type !== 'unknown') expect(cut.type).toBe(whole.type);
    if (cut.ids.length > 0) expect(cut.ids).toEqual(whole.ids);
    if (cut.connection !== null) expect(cut.connection).toEqual(whole.connection);
  }
}

describe('reading a spool file', () => {
  it.each([
    ['scene updated', sceneUpdate],
    ['scene destroyed', sceneDestroy],
    ['tags merged', tagMerge],
  ])('tells the truth or nothing at every length: %s', (_title, text) => {
    expectTruthAtEveryLength(text);
  });

  const missing = existsSync(recorded) ? '' : ' (skipped: no recorded samples on this machine)';
  if (missing !== '') console.warn(`No ${recorded}: cuts of recorded samples are not tested.`);
  it.skipIf(missing !== '')(
    `tells the truth or nothing at every length of what a real Stash sent${missing}`,
    () => {
      const samples: unknown = JSON.parse(readFileSync(recorded, 'utf8'));
      if (!Array.isArray(samples)) throw new Error('the samples are a list');
      expect(samples.length).toBeGreaterThan(10);
      for (const sample of samples) {
        const text = goJson(sample);
        expectTruthAtEveryLength(text);
        expect(parseSpoolEvent('x', text).connection?.dir).toBe('/config');
      }
    },
  );

  it('never throws, whatever bytes stand in the file', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 400 }),
        (name, bytes) => {
          const content = Buffer.from(bytes).toString('utf8');
          expect(parseSpoolEvent(name, content).ids.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throws on a payload with bytes overwritten', () => {
    const change = fc.tuple(
      fc.nat(sceneDestroy.length),
      fc.constantFrom(...'{}[]",:\\0n\n\0é'.split('')),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const signs = sceneDestroy.split('');
        for (const [at, sign] of changes) signs[at] = sign;
        expect(() => parseSpoolEvent('x', signs.join(''))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws on a payload whose values have other types', () => {
    const payload = fc.record(
      {
        server_connection: fc.jsonValue(),
        args: fc.oneof(
          fc.jsonValue(),
          fc.record({
            hookContext: fc.record(
              {
                id: fc.jsonValue(),
                type: fc.oneof(
                  fc.constantFrom('Scene.Destroy.Post', 'Tag.Merge.Post'),
                  fc.jsonValue(),
                ),
                input: fc.oneof(
                  fc.record({ path: fc.jsonValue(), source: fc.array(fc.jsonValue()) }),
                  fc.jsonValue(),
                ),
              },
              { requiredKeys: [] },
            ),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(payload, (value) => {
        const event = parseSpoolEvent('x', JSON.stringify(value));
        expect(event.ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
        expect(event.type).toMatch(/^[A-Za-z.]+$/);
      }),
    );
  });

  it.each(['[', '{"a":', '[{"a":[', '{"server_connection":{"a":['])(
    'survives 32 KB of %j',
    (bracket) => {
      const content = bracket.repeat(32_768 / bracket.length);
      expect(parseSpoolEvent('x', content)).toMatchObject({ type: 'unknown', ids: [] });
    },
  );
});

describe('reading the beginning of a JSON document', () => {
  it('reads a whole document as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
        (value) => {
          const text = JSON.stringify(value);
          const { value: read, open } = readJsonPrefix(text);
          expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
          expect(open.size).toBe(0);
        },
      ),
    );
  });

  it('names every container whose end it did not see', () => {
    const { value, open } = readJsonPrefix('{"a":[1,2],"b":{"c":[3,45');
    expect(JSON.stringify(value)).toBe('{"a":[1,2],"b":{"c":[3]}}');
    expect(open.size).toBe(3);
  });

  it('lets no key reach a prototype', () => {
    readJsonPrefix('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect('polluted' in {}).toBe(false);
  });
});
