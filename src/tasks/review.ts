// "Review": the scenes whose Plex item a person has to choose, with what there is to choose from.
import { type ReviewAnswer, reviewArguments, type ReviewArguments } from '../contract/review.ts';
import { reviewCount, reviews } from '../store/match/review.ts';
import { reviewWords } from '../sync/match/unmatched.ts';
import type { Operation } from './operation.ts';

export const review: Operation<ReviewArguments, ReviewAnswer> = {
  arguments: reviewArguments,
  perform: ({ db }, { search, reason, offset, limit }) => ({
    total: reviewCount(db, { search, reasons: reason }),
    reviews: reviews(db, offset, limit, { search, reasons: reason }).map(
      ({ sceneId, reason, title, path, size, durationMs, since, candidates }) => ({
        scene: sceneId,
        reason,
        words: wordsOf(reason),
        title,
        path,
        size,
        durationMs,
        since,
        candidates: candidates.map((candidate) => ({
          item: candidate.ratingKey,
          section: candidate.sectionId,
          title: candidate.title,
          file: candidate.file,
          size: candidate.size,
          durationMs: candidate.durationMs,
          score: candidate.score,
          why: candidate.why,
        })),
      }),
    ),
  }),
};

/** A reason of another version of PlexSync has no words here. */
function wordsOf(reason: string): string {
  const words: Readonly<Record<string, string>> = reviewWords;
  return words[reason] ?? reason;
}
