// Every cause and every reason has words for a person.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  causeOf,
  causeOfWaiting,
  errorCauses,
  noItemCauses,
  reviewReasons,
  waitingReasons,
} from '../../src/contract/causes.ts';
import { errorCodes } from '../../src/contract/errors.ts';
import { noItemReasons } from '../../src/domain/match/match.ts';
import { reviewWords } from '../../src/sync/match/unmatched.ts';

const sentence = /^[A-Z][^\n]*[^.]\.$/;

describe('[1.2 QUEUE-01] the words for causes', () => {
  it.each(errorCodes)('say of %s what it means and what to do, a sentence each', (code) => {
    const { meaning, wayOut } = causeOf(code);
    expect(meaning).toMatch(sentence);
    expect(wayOut).toMatch(sentence);
    expect(meaning.split('. ')).toHaveLength(1);
    expect(wayOut.split('. ')).toHaveLength(1);
    expect(`${meaning} ${wayOut}`).not.toContain(code);
  });

  it('tell the one thing about Docker that everybody meets', () => {
    expect(errorCauses['plex-unreachable'].wayOut).toContain(
      'localhost is Stash’s own container, so use the address of the machine',
    );
  });

  it('name only settings that there are', () => {
    const text = JSON.stringify([errorCauses, noItemCauses]);
    const named = new Set(text.match(/\b(?:plex|ask)[A-Z]\w+/g));
    const manifest = readFileSync(join(import.meta.dirname, '../../plugin/plex-sync.yml'), 'utf8');
    expect(named.size).toBeGreaterThan(3);
    expect([...named].filter((name) => !manifest.includes(`\n  ${name}:\n`))).toEqual([]);
  });

  it('have every reason for which a scene has no item, or waits for a choice', () => {
    expect(Object.keys(noItemCauses)).toEqual([...noItemReasons]);
    expect(waitingReasons).toEqual(noItemReasons.filter((reason) => reason !== 'gone'));
    expect(reviewReasons.toSorted()).toEqual(Object.keys(reviewWords).toSorted());
    for (const reason of waitingReasons) {
      const { meaning, wayOut } = causeOfWaiting(reason);
      expect([meaning, wayOut]).toEqual([
        expect.stringMatching(sentence),
        expect.stringMatching(sentence),
      ]);
    }
  });

  it('are the code itself for one of another version', () => {
    expect(causeOf('plex-moved')).toEqual({ meaning: 'plex-moved.', wayOut: '' });
    expect(causeOfWaiting('elsewhere')).toEqual({ meaning: 'elsewhere.', wayOut: '' });
  });
});
