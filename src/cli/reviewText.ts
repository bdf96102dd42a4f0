// The scenes that wait for a choice, for a terminal: each with its candidates and what to type.
import type { ReviewAnswer } from '../contract/review.ts';
import { clockTime, columns, cut, cutPath, grouped, plain, type Screen } from './text.ts';

type Review = ReviewAnswer['reviews'][number];

const none = 'No scene waits for your choice.';

export function reviewLines({ total, reviews }: ReviewAnswer, screen: Screen): readonly string[] {
  if (total === 0) return [none];
  const head =
    total === 1
      ? '1 scene waits for your choice.'
      : `${grouped(total)} scenes wait for your choice.`;
  const more = total - reviews.length;
  const rest =
    more > 0 ? ['', `${grouped(more)} more are not shown: see --limit and --offset.`] : [];
  return [head, ...reviews.flatMap((review) => ['', ...oneReview(review, screen)]), ...rest];
}

function oneReview(review: Review, screen: Screen): readonly string[] {
  const { scene, title, path, words, since, candidates } = review;
  const width = screen.width ?? Number.POSITIVE_INFINITY;
  const rows = candidates.map((candidate) => [
    '  ',
    `item ${plain(candidate.item)}`,
    String(candidate.score).padStart(3),
    plain(candidate.title),
    plain(candidate.file),
    plain(candidate.why),
  ]);
  return [
    cut(`Scene ${scene}${title === '' ? '' : `  ${plain(title)}`}`, width),
    ...(path === '' ? [] : [`  ${cutPath(plain(path), width - 2)}`]),
    `  ${plain(words)}; it has waited since ${clockTime(since)}.`,
    ...columns(rows, screen, { 3: 'end', 4: 'path' }),
    ...whatToType(review),
  ];
}

function whatToType({ scene, candidates }: Review): readonly string[] {
  const [only, second] = candidates;
  const item = only !== undefined && second === undefined ? plain(only.item) : '<item>';
  return [`  To choose: plexsync pin ${scene} ${item}    None of Plex’s: plexsync never ${scene}`];
}
