// "Coverage": how all scenes and Plex items stand, in numbers, and the list behind one of them.
import {
  type CoverageAnswer,
  type CoverageArguments,
  coverageArguments,
} from '../contract/coverage.ts';
import { coverageCounts, coverageList } from '../store/figures/coverage.ts';
import { index, readState } from '../store/file/state.ts';
import type { Operation } from './operation.ts';

export const coverage: Operation<CoverageArguments, CoverageAnswer> = {
  arguments: coverageArguments,
  perform: ({ db }, { group, ...query }) => {
    const { total, rows } =
      group === null ? { total: 0, rows: [] } : coverageList(db, { group, ...query });
    return {
      counts: coverageCounts(db),
      indexedAt: readState(db, index)?.refreshedAt ?? null,
      total,
      rows: rows.map(({ sceneId, ratingKey, ...row }) => ({
        scene: sceneId,
        item: ratingKey,
        ...row,
      })),
    };
  },
};
