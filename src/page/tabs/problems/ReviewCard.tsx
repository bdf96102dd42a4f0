// One scene whose item has to be chosen: its file, why it is asked, and what there is to choose from.
import React from 'react';
import { Button } from 'react-bootstrap';
import { faCheck, faEquals, faNotEqual, faUndo } from '@fortawesome/free-solid-svg-icons';
import type { ReviewAnswer } from '../../../contract/review.ts';
import { clock, size } from '../../format/files.ts';
import { Icon } from '../../parts/Icon.tsx';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Path, Scene, Time } from '../../parts/small.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { sceneName } from './names.ts';

type Review = ReviewAnswer['reviews'][number];
type Candidate = Review['candidates'][number];

/** Of the person who looks, in this tab. */
export type Choice =
  | { readonly kind: 'made'; readonly sentence: string }
  | { readonly kind: 'undone' };

interface Props {
  readonly review: Review;
  readonly choice: Choice | null;
  /** It is in review no more. */
  readonly isGone: boolean;
  readonly busy: boolean;
  readonly onPin: (item: string) => void;
  readonly onNever: () => void;
  readonly onUnpin: () => void;
}

export function ReviewCard(props: Props): JSX.Element {
  const { review, choice, isGone } = props;
  const { scene, title, path } = review;
  const name = sceneName(scene, title);
  return (
    <section className="card plexsync-card plexsync-review" aria-label={name}>
      <div className="plexsync-review-head">
        <Scene scene={scene} title={title} path={path} />
        <span className="plexsync-file-facts">
          <Facts {...review} />
        </span>
      </div>
      {choice?.kind === 'made' ? (
        <Made {...props} sentence={choice.sentence} name={name} />
      ) : isGone ? (
        <p className="mb-0 mt-2 text-muted">
          {choice === null ? problemsTexts.gone : problemsTexts.undone}
        </p>
      ) : (
        <Asked {...props} name={name} />
      )}
    </section>
  );
}

function Made({
  sentence,
  name,
  busy,
  onUnpin,
}: Props & { readonly sentence: string; readonly name: string }): JSX.Element {
  return (
    <div className="plexsync-toolbar mb-0 mt-2">
      <span>
        <Icon icon={faCheck} className="text-success" /> {sentence}
      </span>
      <Button
        size="sm"
        variant="secondary"
        disabled={busy}
        aria-label={problemsTexts.undoLabel(name)}
        onClick={onUnpin}
      >
        <Icon icon={faUndo} /> {problemsTexts.undo}
      </Button>
    </div>
  );
}

function Asked(props: Props & { readonly name: string }): JSX.Element {
  const { review, name, busy, onPin, onNever, onUnpin } = props;
  const { words, since, candidates } = review;
  const hasNone = candidates.length === 0;
  const columns: readonly Column<Candidate>[] = [
    {
      key: 'score',
      head: problemsTexts.score,
      cell: ({ score }) => <span className="plexsync-score">{score}</span>,
    },
    {
      key: 'item',
      head: problemsTexts.item,
      cell: (candidate) => (
        <>
          {titleOf(candidate)}
          <span className="d-block small text-muted">
            <Path path={candidate.file} />
          </span>
        </>
      ),
    },
    {
      key: 'facts',
      head: problemsTexts.facts,
      cell: (candidate) => <Facts {...candidate} than={review} />,
    },
    { key: 'why', head: problemsTexts.why, cell: ({ why }) => why },
    {
      key: 'actions',
      head: problemsTexts.actions,
      cell: (candidate) => (
        <Button
          size="sm"
          disabled={busy}
          aria-label={problemsTexts.chooseLabel(titleOf(candidate))}
          onClick={() => onPin(candidate.item)}
        >
          {problemsTexts.choose}
        </Button>
      ),
    },
  ];
  return (
    <>
      <p className="mb-0 mt-2">
        {words}. {problemsTexts.asked} <Time at={since} />.
        {hasNone && <> {problemsTexts.noCandidates}</>}
      </p>
      {!hasNone && (
        <Rows
          label={problemsTexts.candidates(name)}
          columns={columns}
          rows={candidates}
          keyOf={({ item }) => item}
        />
      )}
      <div className="plexsync-toolbar mb-0 mt-2 justify-content-end">
        {review.reason === 'pin-gone' && (
          <Button size="sm" disabled={busy} onClick={onUnpin}>
            {problemsTexts.forget}
          </Button>
        )}
        <Button
          size="sm"
          variant="secondary"
          disabled={busy}
          aria-label={hasNone ? problemsTexts.neverLabel(name) : problemsTexts.noneLabel(name)}
          onClick={onNever}
        >
          {hasNone ? problemsTexts.never : problemsTexts.none}
        </Button>
      </div>
    </>
  );
}

const titleOf = ({ title, item }: Candidate): string =>
  title === '' ? problemsTexts.untitled(item) : title;

interface FileFacts {
  readonly size: number | null;
  readonly durationMs: number | null;
}

/** As matching compares them. */
const sameLengthMs = 1_000;

/** @param than the scene's, which these are compared with */
function Facts({
  size: bytes,
  durationMs,
  than,
}: FileFacts & { readonly than?: FileFacts }): JSX.Element {
  if (bytes === null && durationMs === null) {
    return <span className="text-muted">{problemsTexts.unknownFile}</span>;
  }
  const isLengthSame =
    durationMs === null || than === undefined || than.durationMs === null
      ? null
      : Math.abs(durationMs - than.durationMs) <= sameLengthMs;
  const isSizeSame =
    bytes === null || than === undefined || than.size === null ? null : bytes === than.size;
  return (
    <span className="plexsync-file-facts">
      {bytes !== null && (
        <span title={`${bytes.toLocaleString('en')} bytes`}>
          {size(bytes)}
          <Compared isSame={isSizeSame} />
        </span>
      )}
      {bytes !== null && durationMs !== null && ', '}
      {durationMs !== null && (
        <span>
          {clock(durationMs)}
          <Compared isSame={isLengthSame} />
        </span>
      )}
    </span>
  );
}

function Compared({ isSame }: { readonly isSame: boolean | null }): JSX.Element | null {
  if (isSame === null) return null;
  return (
    <small className="text-muted plexsync-compared">
      <Icon icon={isSame ? faEquals : faNotEqual} />
      <span className="sr-only">{isSame ? problemsTexts.same : problemsTexts.other}</span>
    </small>
  );
}
