// A list of what failed, its rows in groups by cause: what the changes and the pictures have in common.
import React, { useMemo } from 'react';
import { Button } from 'react-bootstrap';
import { causeOf } from '../../../contract/causes.ts';
import { useAction } from '../../action/useAction.tsx';
import { number } from '../../format/words.ts';
import { useSteadyRows } from '../../live/useSteadyRows.ts';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Empty, Time } from '../../parts/small.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { CauseGroup } from './CauseGroup.tsx';
import { useSteadyOrder } from './useSticky.ts';

interface Props<Row extends { readonly attempts: number }> {
  readonly list: 'dead-letters' | 'extras';
  readonly label: string;
  /** "3 changes" */
  readonly things: (count: number) => string;
  readonly rows: readonly Row[];
  /** Which question `rows` answer. */
  readonly view: string;
  /** Of all, by code; null where only some of them are looked for. */
  readonly counts: Readonly<Record<string, number>> | null;
  /** The one cause that is shown; '' = all. */
  readonly only: string;
  readonly onOnly: (code: string) => void;
  /** Something was done to them. */
  readonly onDone: () => void;
  readonly keyOf: (row: Row) => string;
  /** As the operations take it. */
  readonly actionKey: (row: Row) => string;
  readonly codeOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  /** Unix ms of the last failure. */
  readonly lastOf: (row: Row) => number | null;
  readonly removeText: string;
  readonly thing: (row: Row) => React.ReactNode;
  readonly words: (row: Row) => React.ReactNode;
}

export function FailedGroups<Row extends { readonly attempts: number }>(
  props: Props<Row>,
): JSX.Element {
  const { list, label, things, counts, only, onOnly, onDone, keyOf, codeOf, nameOf } = props;
  const { rows, gone, fresh, refresh } = useSteadyRows(props.rows, keyOf, props.view);
  const { act, busy, dialog } = useAction();
  const now = useMemo(() => sorted(counts ?? {}), [counts]);
  const order = useSteadyOrder([...now, ...rows.map(codeOf)]);
  const shown = order.filter(
    (code) => rows.some((row) => codeOf(row) === code) || (counts?.[code] ?? 0) > 0,
  );

  const removeAll = (code: string, count: number, ofCause: readonly Row[]): void => {
    const texts = problemsTexts.askRemoveAll;
    act({
      name: 'remove',
      args: { list, cause: code },
      ask: {
        title: texts.title(things(count)),
        text: texts.text(things(count), causeOf(code).meaning),
        examples: [...new Set(ofCause.map(nameOf))],
        accept: texts.accept(things(count)),
      },
      done: onDone,
    });
  };
  const columns: readonly Column<Row>[] = [
    { key: 'scene', head: problemsTexts.scene, cell: props.thing },
    { key: 'words', head: problemsTexts.what, cell: props.words },
    { key: 'tries', head: problemsTexts.tries, cell: ({ attempts }) => number(attempts) },
    {
      key: 'last',
      head: problemsTexts.last,
      cell: (row) => {
        const last = props.lastOf(row);
        return last === null ? '–' : <Time at={last} />;
      },
    },
    {
      key: 'actions',
      head: problemsTexts.actions,
      cell: (row) =>
        gone.has(keyOf(row)) ? (
          <em>{problemsTexts.gone}</em>
        ) : (
          <RowActions row={row} act={act} busy={busy} {...props} />
        ),
    },
  ];
  if (shown.length === 0) {
    const isSearch = counts === null;
    return <Empty>{isSearch ? problemsTexts.nothingFits : problemsTexts.allDone}</Empty>;
  }
  return (
    <>
      {(fresh > 0 || only !== '') && (
        <div className="plexsync-toolbar">
          {only !== '' && (
            <Button size="sm" variant="secondary" onClick={() => onOnly('')}>
              {problemsTexts.showEvery}
            </Button>
          )}
          {fresh > 0 && (
            <Button size="sm" variant="secondary" onClick={refresh}>
              {problemsTexts.fresh(number(fresh))}
            </Button>
          )}
        </div>
      )}
      {shown.map((code) => {
        const ofCause = rows.filter((row) => codeOf(row) === code);
        const left = ofCause.filter((row) => !gone.has(keyOf(row)));
        const count = counts === null ? null : (counts[code] ?? 0);
        return (
          <CauseGroup
            key={code}
            code={code}
            things={things(count ?? 0)}
            count={count}
            onShow={only === code || count === left.length ? null : () => onOnly(code)}
            busy={busy}
            onRetry={() => act({ name: 'retry', args: { list, cause: code }, done: onDone })}
            onRemove={left.length === 0 ? null : () => removeAll(code, count ?? 0, left)}
          >
            {ofCause.length > 0 && (
              <Rows
                label={`${label}: ${causeOf(code).meaning}`}
                columns={columns}
                rows={ofCause}
                keyOf={keyOf}
                classOf={(row) => (gone.has(keyOf(row)) ? 'plexsync-gone' : '')}
              />
            )}
          </CauseGroup>
        );
      })}
      {dialog}
    </>
  );
}

/** The most first. */
function sorted(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([code]) => code);
}

interface RowActionsProps<Row> extends Pick<ReturnType<typeof useAction>, 'act' | 'busy'> {
  readonly row: Row;
  readonly list: 'dead-letters' | 'extras';
  readonly actionKey: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly removeText: string;
  readonly onDone: () => void;
}

function RowActions<Row>(props: RowActionsProps<Row>): JSX.Element {
  const { row, list, actionKey, nameOf, removeText, act, busy, onDone } = props;
  const name = nameOf(row);
  const args = { list, keys: [actionKey(row)] };
  const { title, accept } = problemsTexts.askRemove;
  return (
    <>
      <Button
        size="sm"
        disabled={busy}
        aria-label={`${problemsTexts.retry}: ${name}`}
        onClick={() => act({ name: 'retry', args, done: onDone })}
      >
        {problemsTexts.retry}
      </Button>{' '}
      <Button
        size="sm"
        variant="danger"
        disabled={busy}
        aria-label={`${problemsTexts.remove}: ${name}`}
        onClick={() =>
          act({
            name: 'remove',
            args,
            ask: { title: title(name), text: removeText, accept },
            done: onDone,
          })
        }
      >
        {problemsTexts.remove}
      </Button>
    </>
  );
}
