// The columns of the queue's table.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Acting } from '../../action/useAction.tsx';
import { number } from '../../format/words.ts';
import { useNow } from '../../live/useNow.ts';
import type { Column } from '../../parts/Rows.tsx';
import { Scene, Time } from '../../parts/small.tsx';
import { queueTexts, sourceWords } from '../../texts/queue.ts';
import { queueName, type QueueRow } from './names.ts';

export type { QueueRow } from './names.ts';

const { heads } = queueTexts;

/** @param held until when nothing is tried, in words */
export function queueColumns(acting: Acting, held: string | null): readonly Column<QueueRow>[] {
  return [
    { key: 'scene', head: heads.scene, cell: (row) => <What row={row} /> },
    {
      key: 'since',
      head: heads.since,
      cell: ({ since }) => (
        <span className="text-nowrap">
          <Time at={since} />
        </span>
      ),
    },
    { key: 'why', head: heads.why, cell: (row) => <Why row={row} /> },
    { key: 'next', head: heads.next, cell: (row) => <NextTry row={row} held={held} /> },
    { key: 'actions', head: heads.actions, cell: (row) => <Buttons row={row} acting={acting} /> },
  ];
}

function What({ row }: { readonly row: QueueRow }): JSX.Element {
  if (row.what === 'scene') return <Scene scene={row.id} title={row.title} path={row.path} />;
  return (
    <>
      <Link to={`/${row.what}s/${row.id}`}>{queueName(row)}</Link>
      <div className="text-muted small">{queueTexts.fanOut}</div>
    </>
  );
}

function Why({ row: { source, cause, attempts, priority } }: { row: QueueRow }): JSX.Element {
  const order = priority === 'bulk' ? `, ${queueTexts.bulk}` : '';
  if (cause === null) return <>{`${sourceWords(source)}${order}`}</>;
  const tries = attempts === 1 ? queueTexts.oneTry : queueTexts.tries(number(attempts));
  return (
    <>
      {cause.meaning} <span className="text-muted">{cause.wayOut}</span>
      <div className="text-muted small">{attempts > 0 && `${tries}; ${sourceWords(source)}`}</div>
    </>
  );
}

function NextTry({ row, held }: { row: QueueRow; held: string | null }): JSX.Element {
  const now = useNow();
  const { inFlight, dueAt } = row;
  if (inFlight) return <>{queueTexts.inFlight}</>;
  if (held !== null) return <>{held}</>;
  if (dueAt === null || dueAt <= now) return <>{queueTexts.due}</>;
  return (
    <span className="text-nowrap">
      <Time at={dueAt} />
    </span>
  );
}

function Buttons({ row, acting: { act, busy } }: { row: QueueRow; acting: Acting }): JSX.Element {
  const keys = [row.key];
  const name = queueName(row);
  const isWaiting = row.attempts > 0 && row.dueAt !== null;
  const { askRemove } = queueTexts;
  return (
    <>
      {isWaiting ? (
        <Button
          size="sm"
          disabled={busy || row.inFlight}
          aria-label={`${queueTexts.tryNow}: ${name}`}
          onClick={() => act({ name: 'retry', args: { list: 'queue', keys } })}
        >
          {queueTexts.tryNow}
        </Button>
      ) : (
        <Button
          size="sm"
          variant="secondary"
          disabled={busy || row.inFlight}
          title={queueTexts.firstTitle}
          aria-label={`${queueTexts.first}: ${name}`}
          onClick={() => act({ name: 'first', args: { list: 'queue', keys } })}
        >
          {queueTexts.first}
        </Button>
      )}{' '}
      <Button
        size="sm"
        variant="danger"
        disabled={busy || row.inFlight}
        aria-label={`${queueTexts.remove}: ${name}`}
        onClick={() =>
          act({
            name: 'remove',
            args: { list: 'queue', keys },
            ask: { ...askRemove, examples: [name] },
          })
        }
      >
        {queueTexts.remove}
      </Button>
    </>
  );
}
