// The last comparisons, each with what it looked at, found and queued.
import React from 'react';
import type { RunView } from '../../../contract/reconcile.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { exact, number } from '../../format/words.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Empty, Time } from '../../parts/small.tsx';
import { coverageTexts } from '../../texts/coverage.ts';
import { sumOf } from './figures.ts';

const texts = coverageTexts.runs;

export function Runs({ runs }: { readonly runs: readonly RunView[] }): JSX.Element {
  return (
    <section className="card plexsync-card" aria-labelledby="plexsync-runs">
      <h2 className="h5" id="plexsync-runs">
        {texts.heading}
      </h2>
      <Next />
      {runs.length === 0 ? (
        <Empty>{texts.none}</Empty>
      ) : (
        <Rows label={texts.heading} columns={columns} rows={runs} keyOf={({ id }) => String(id)} />
      )}
    </section>
  );
}

/** When one begins by itself. */
function Next(): JSX.Element | null {
  const { status } = useSeenStatus();
  if (status === null) return null;
  const { next, every } = status.reconcile;
  if (next === null) return <p className="text-muted">{texts.noNext(every)}</p>;
  return (
    <p>
      {texts.next(coverageTexts.origins[next.origin])} <Time at={next.at} />.
    </p>
  );
}

const columns: readonly Column<RunView>[] = [
  {
    key: 'when',
    head: texts.when,
    cell: ({ begunAt, endedAt, state, origin }) => (
      <>
        <Time at={begunAt} />
        <div className="text-muted small">
          {coverageTexts.origins[origin]}
          {endedAt === null ? '' : `, ${duration(endedAt - begunAt)}`}
          {state === 'running' ? `, ${texts.running}` : ''}
        </div>
      </>
    ),
  },
  {
    key: 'scope',
    head: texts.scope,
    cell: (run) => (
      <>
        {scopeOf(run)}
        {(run.dry || run.state === 'stopped') && (
          <div className="text-muted small">
            {[
              ...(run.dry ? [texts.dry] : []),
              ...(run.state === 'stopped' ? [texts.stopped] : []),
            ].join(', ')}
          </div>
        )}
      </>
    ),
  },
  { key: 'scenes', head: texts.scenes, cell: ({ scenes }) => number(scenes) },
  { key: 'found', head: texts.found, cell: ({ found }) => number(sumOf(found)) },
  { key: 'queued', head: texts.queued, cell: ({ queued }) => number(sumOf(queued)) },
  {
    key: 'result',
    head: texts.result,
    cell: ({ summary, stashRequests, plexRequests }) => (
      <span className="small" title={texts.requests(stashRequests, plexRequests)}>
        {summary}
      </span>
    ),
  },
];

function scopeOf({ since, until, library, kinds }: RunView): string {
  const parts = [
    dates(since, until),
    ...(library === null ? [] : [texts.library(library)]),
    ...(kinds ?? []).map((kind) => coverageTexts.kinds[kind]),
  ];
  return parts.join(', ');
}

function dates(since: number | null, until: number | null): string {
  if (since === null && until === null) return coverageTexts.scopes.all;
  if (since === null) return texts.untilOnly(exact(until ?? 0));
  return until === null ? texts.sinceOnly(exact(since)) : texts.between(exact(since), exact(until));
}
