// Scenes whose Plex item a person has to choose. What was chosen stays in its place, to be undone.
import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { reviewReasons } from '../../../contract/causes.ts';
import type { ReviewAnswer } from '../../../contract/review.ts';
import { useAction } from '../../action/useAction.tsx';
import { counted, number } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { type Loaded, useOperation } from '../../live/useOperation.ts';
import { useSteadyRows } from '../../live/useSteadyRows.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Pager } from '../../parts/Pager.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty } from '../../parts/small.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { type Choice, ReviewCard } from './ReviewCard.tsx';

const pageSize = 10;
type Review = ReviewAnswer['reviews'][number];

interface Props {
  readonly count: number;
  readonly search: string;
}

export function Reviews({ count, search }: Props): JSX.Element {
  const [{ reason = '', ...address }, change] = useAddressState();
  const offset = numberOf(address['unsure']);
  const args = {
    limit: pageSize,
    ...(offset > 0 ? { offset } : {}),
    ...(search === '' ? {} : { search }),
    ...(reason === '' ? {} : { reason }),
  };
  const reviews = useOperation('review', args, { live: true });
  const view = useViewOf(reviews.data, JSON.stringify(args));
  return (
    <section className="plexsync-section" id="plexsync-unsure">
      <div className="plexsync-toolbar">
        <h2 className="h5 mb-0">
          {count === 0
            ? problemsTexts.reviewDone
            : problemsTexts.reviewTitle(counted(count, 'scene'), count === 1)}
        </h2>
        <Form.Control
          as="select"
          size="sm"
          className="plexsync-select plexsync-push bg-secondary text-white border-secondary"
          aria-label={problemsTexts.reason}
          value={reason}
          onChange={(event: React.ChangeEvent<HTMLInputElement>) =>
            change({ reason: event.target.value, unsure: '' })
          }
        >
          <option value="">{problemsTexts.allReasons}</option>
          {reviewReasons.map((name) => (
            <option key={name} value={name}>
              {problemsTexts.reasons[name]}
            </option>
          ))}
        </Form.Control>
      </div>
      <p className="text-muted">{problemsTexts.noneHelp}</p>
      <Shown of={reviews}>
        {(data) => (
          <>
            <Cards
              reviews={data.reviews}
              view={view}
              isSearch={search !== '' || reason !== ''}
              loaded={reviews}
            />
            <Pager
              offset={offset}
              limit={pageSize}
              total={data.total}
              onOffset={(to) => change({ unsure: to === 0 ? '' : String(to) })}
            />
          </>
        )}
      </Shown>
    </section>
  );
}

interface CardsProps {
  readonly reviews: readonly Review[];
  readonly view: string;
  readonly isSearch: boolean;
  readonly loaded: Pick<Loaded<ReviewAnswer>, 'reload'>;
}

const keyOf = ({ scene }: Review): string => String(scene);

function Cards({ reviews, view, isSearch, loaded }: CardsProps): JSX.Element {
  const { rows, gone, fresh, refresh } = useSteadyRows(reviews, keyOf, view);
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(new Map());
  const { act, busy, dialog } = useAction();
  const note = (scene: number, choice: Choice): void => {
    setChoices((old) => new Map(old).set(scene, choice));
    loaded.reload();
  };
  if (rows.length === 0) {
    return <Empty>{isSearch ? problemsTexts.nothingFits : problemsTexts.allDone}</Empty>;
  }
  return (
    <>
      {fresh > 0 && (
        <div className="plexsync-toolbar">
          <Button size="sm" variant="secondary" onClick={refresh}>
            {problemsTexts.fresh(number(fresh))}
          </Button>
        </div>
      )}
      {rows.map((review) => {
        const { scene } = review;
        return (
          <ReviewCard
            key={scene}
            review={review}
            choice={choices.get(scene) ?? null}
            isGone={gone.has(keyOf(review))}
            busy={busy}
            onPin={(item) =>
              act({
                name: 'pin',
                args: { scene, item },
                done: ({ sentence }) => note(scene, { kind: 'made', sentence }),
              })
            }
            onNever={() =>
              act({
                name: 'never',
                args: { scene },
                done: ({ sentence }) => note(scene, { kind: 'made', sentence }),
              })
            }
            onUnpin={() =>
              act({ name: 'unpin', args: { scene }, done: () => note(scene, { kind: 'undone' }) })
            }
          />
        );
      })}
      {dialog}
    </>
  );
}
