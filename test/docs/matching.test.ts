// docs/matching.md tells people how sure a match is, why a scene has no item and what they are
// asked: in the words, and with the figures, that the code has.
import { describe, expect, it } from 'vitest';
import { matchThresholds } from '../../src/contract/settings.ts';
import { compareFiles, matchParts, noItemReasons, scores } from '../../src/domain/match/match.ts';
import { noItemCauses } from '../../src/contract/causes.ts';
import { reviewWords } from '../../src/sync/match/unmatched.ts';
import { codeIn, rowsOf, sectionOf, textOf } from './support.ts';

const page = textOf('docs/matching.md');
const prose = page.replace(/\s+/g, ' ');

interface Told {
  readonly score: number;
  readonly why: string;
}

/** All that a file and a part can have in common, as the code says it. */
function evidenceOfTheCode(): readonly Told[] {
  const file = { plexPath: '/p/a.mp4', name: 'a.mp4', size: 1_000, durationMs: 60_000 };
  const parts = ['/p/a.mp4', '/q/a.mp4', '/q/b.mp4'].flatMap((path) =>
    [1_000, 999, null].flatMap((size) =>
      [60_000, 90_000, null].map((durationMs) => {
        const name = path.slice('/p/'.length);
        return { path, name, size, durationMs };
      }),
    ),
  );
  const found = parts.flatMap((part) => compareFiles(file, part) ?? []);
  const sameText = { path: '/q/b.mp4', name: 'b.mp4', size: 999, durationMs: 60_100 };
  const item = { ratingKey: '1', sectionId: '1', title: '', file: '', sameText: true };
  const byText = matchParts([file], [{ ...sameText, ...item }], 0);
  return byText.kind === 'item' ? [...found, byText.best] : found;
}

/** What is no comparison: the words stand where the choice or the link is verified. */
const chosen: readonly Told[] = ['a person chose it', 'a link at the scene names it'].map(
  (why) => ({ score: scores.pin, why }),
);

describe('the page about matching', () => {
  const rows = rowsOf(sectionOf(page, 'How the item is found'), /^\d+$/);

  it('has every evidence with its score and words, and no other', () => {
    const told = new Set(evidenceOfTheCode().map(({ score, why }) => `${score} ${why}`));
    for (const { score, why } of chosen) {
      expect(textOf('src/sync/match/known.ts')).toContain(`'${why}'`);
      told.add(`${score} ${why}`);
    }
    const onPage = rows.map(([score = '', why = '']) => `${score} ${why}`);
    expect(onPage.toSorted()).toEqual([...told].toSorted());
    expect(new Set(rows.map(([score]) => Number(score)))).toEqual(new Set(Object.values(scores)));
  });

  it('says what is written at the default threshold, and between which it may be set', () => {
    const { default: usual, lowest, highest } = matchThresholds;
    for (const [score = '', why, said] of rows) {
      expect([why, said]).toEqual([why, Number(score) >= usual ? 'written' : 'you are asked']);
    }
    expect(prose).toContain(`**The threshold is ${usual}.**`);
    expect(prose).toContain(`takes ${lowest} to ${highest}.`);
  });

  it('has every reason for no item, in the words of the status', () => {
    const onPage = rowsOf(sectionOf(page, 'Scenes without an item'), /^`[\w-]+`$/).map(
      ([reason = '', words]) => [codeIn(reason)[0], words],
    );
    // A scene that is gone is counted nowhere.
    const shown = noItemReasons.filter((reason) => reason !== 'gone');
    expect(onPage).toEqual(shown.map((reason) => [reason, noItemCauses[reason].because]));
  });

  it('has every reason why a person is asked, in the words of the list', () => {
    const asked = rowsOf(sectionOf(page, 'Choosing'), /^[A-Z]/).map(([words]) => words);
    expect(asked).toEqual(Object.values(reviewWords));
  });

  it('names every command that is about matching', () => {
    const named = codeIn(page).join('\n');
    for (const name of ['review', 'pin', 'never', 'unpin', 'mappings']) {
      expect(named).toMatch(new RegExp(`^plexsync ${name}\\b`, 'm'));
    }
  });
});
