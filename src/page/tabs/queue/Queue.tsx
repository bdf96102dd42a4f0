// The queue: what waits to be pushed, since when, why, when it is tried next, and what one can do.
import React, { useCallback } from 'react';
import { Button } from 'react-bootstrap';
import type { Status } from '../../../contract/status.ts';
import { useAction } from '../../action/useAction.tsx';
import { counted, number } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { useSteadyRows } from '../../live/useSteadyRows.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Pager } from '../../parts/Pager.tsx';
import { Rows } from '../../parts/Rows.tsx';
import { Search } from '../../parts/Search.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty } from '../../parts/small.tsx';
import { queueTexts } from '../../texts/queue.ts';
import { CauseFilter } from './CauseFilter.tsx';
import { queueColumns, type QueueRow } from './columns.tsx';
import { heldUntil, queueName } from './names.ts';

const limit = 50;
const keyOf = (row: QueueRow): string => row.key;
const none: readonly QueueRow[] = [];

export function Queue(): JSX.Element {
  const [{ search = '', cause = '', offset: from }, change] = useAddressState();
  const offset = numberOf(from);
  const { status } = useSeenStatus();
  const args = { search, offset, limit, ...(cause === '' ? {} : { cause }) };
  const queue = useOperation('queue', args, { live: true });
  const acting = useAction();
  const steady = useSteadyRows(
    queue.data?.rows ?? none,
    keyOf,
    useViewOf(queue.data, JSON.stringify([search, cause, offset])),
  );
  const onSearch = useCallback((text: string) => change({ search: text, offset: '' }), [change]);
  const reload = (): void => {
    queue.reload();
    steady.refresh();
  };
  const isFiltered = search !== '' || cause !== '';

  return (
    <section>
      <div className="plexsync-toolbar">
        <Search value={search} hint={queueTexts.hint} onSearch={onSearch} />
        <CauseFilter
          byCause={status?.queue.byCause ?? {}}
          value={cause}
          onCause={(code) => change({ cause: code, offset: '' })}
        />
        <div className="plexsync-push plexsync-actions">
          <RetryAll status={status} cause={cause} acting={acting} />
          <Clear status={status} rows={steady.rows} acting={acting} done={reload} />
        </div>
      </div>
      {acting.dialog}
      <Shown of={queue}>
        {({ total }) => (
          <>
            <Besides status={status} />
            <Standing total={total} gone={steady.gone.size} fresh={steady.fresh} onShow={reload} />
            {steady.rows.length === 0 ? (
              <Empty>{isFiltered ? queueTexts.emptySearch : queueTexts.empty}</Empty>
            ) : (
              <Rows
                label={queueTexts.label}
                columns={queueColumns(acting, heldUntil(status))}
                rows={steady.rows}
                keyOf={keyOf}
                classOf={(row) => (steady.gone.has(row.key) ? 'plexsync-gone' : '')}
              />
            )}
            <Pager
              offset={offset}
              limit={limit}
              total={total}
              onOffset={(to) => change({ offset: to === 0 ? '' : String(to) })}
            />
          </>
        )}
      </Shown>
    </section>
  );
}

type Acting = ReturnType<typeof useAction>;

/** Those that failed before and wait for their time. */
function RetryAll({
  status,
  cause,
  acting,
}: {
  readonly status: Status | null;
  readonly cause: string;
  readonly acting: Acting;
}): JSX.Element | null {
  const count = cause === '' ? (status?.queue.retrying ?? 0) : (status?.queue.byCause[cause] ?? 0);
  if (count === 0) return null;
  const which = cause === '' ? { all: true } : { cause };
  return (
    <Button
      size="sm"
      disabled={acting.busy}
      onClick={() => acting.act({ name: 'retry', args: { list: 'queue', ...which } })}
    >
      {queueTexts.retryAll(counted(count, 'change'))}
    </Button>
  );
}

function Clear({
  status,
  rows,
  acting,
  done,
}: {
  readonly status: Status | null;
  readonly rows: readonly QueueRow[];
  readonly acting: Acting;
  readonly done: () => void;
}): JSX.Element | null {
  if (status === null) return null;
  const { pending, spooled, toSync } = status.queue;
  if (pending + spooled + toSync === 0) return null;
  const changes = pending + spooled;
  const count = changes === 0 ? counted(toSync, 'scene') : counted(changes, 'change');
  const accept = changes === 0 ? queueTexts.endSync(count) : queueTexts.clear(count);
  const ask = {
    title: queueTexts.askClear.title,
    text: queueTexts.askClear.text(count),
    examples: rows.filter(({ inFlight }) => !inFlight).map(queueName),
    accept,
  };
  return (
    <Button
      size="sm"
      variant="danger"
      disabled={acting.busy}
      onClick={() => acting.act({ name: 'clear', ask, done })}
    >
      {accept}…
    </Button>
  );
}

/** What waits as well and stands in no row. */
function Besides({ status }: { readonly status: Status | null }): JSX.Element | null {
  const { spooled = 0, toSync = 0 } = status?.queue ?? {};
  if (spooled + toSync === 0) return null;
  return (
    <p className="text-muted">
      {spooled > 0 && queueTexts.spooled(number(spooled))}{' '}
      {toSync > 0 && queueTexts.toSync(counted(toSync, 'scene'))}
    </p>
  );
}

/** Rows keep their place; what is otherwise by now is said, and shown on a click. */
function Standing({
  total,
  gone,
  fresh,
  onShow,
}: {
  readonly total: number;
  readonly gone: number;
  readonly fresh: number;
  readonly onShow: () => void;
}): JSX.Element {
  return (
    <p className="plexsync-changed">
      {total > 0 && queueTexts.total(counted(total, 'change'))}{' '}
      {gone + fresh > 0 && (
        <>
          {gone > 0 && queueTexts.left(number(gone))} {fresh > 0 && queueTexts.fresh(number(fresh))}{' '}
          <Button size="sm" variant="link" onClick={onShow}>
            {queueTexts.show}
          </Button>
        </>
      )}
    </p>
  );
}
