// A table, which becomes a list of cards on a narrow screen (page.css): there each value has its
// column's name before it. The roles keep it a table for a screen reader in both.
import React from 'react';

export interface Column<Row> {
  /** Also its class: `plexsync-col-<key>`. */
  readonly key: string;
  /** Its name. That of `scene` and of `actions` is not shown on a card, of `actions` nowhere; '' for none. */
  readonly head: string;
  readonly cell: (row: Row) => React.ReactNode;
}

interface Props<Row> {
  /** What the table is, for a screen reader. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly classOf?: (row: Row) => string;
}

export function Rows<Row>({ label, columns, rows, keyOf, classOf }: Props<Row>): JSX.Element {
  return (
    <table className="table table-striped plexsync-table" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ key, head }) => (
            <Head key={key} isShown={key !== 'actions'} head={head} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" className={classOf?.(row)}>
            {columns.map(({ key, head, cell }) => (
              <td key={key} role="cell" data-label={head} className={`plexsync-col-${key}`}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One without a name is no header. */
function Head({ isShown, head }: { isShown: boolean; head: string }): JSX.Element {
  if (head === '') return <td role="cell" />;
  return (
    <th role="columnheader" scope="col">
      {isShown ? head : <span className="sr-only">{head}</span>}
    </th>
  );
}
