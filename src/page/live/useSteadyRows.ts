// Rows that keep their place while somebody looks at them. What is new in the list waits for a click,
// and what is in it no more stays, marked; values change in place.
import { useEffect, useState } from 'react';

export interface Steady<Row> {
  readonly rows: readonly Row[];
  /** No more in the list. */
  readonly gone: ReadonlySet<string>;
  /** In the list and not shown. */
  readonly fresh: number;
  /** Shows the list as it is now. */
  readonly refresh: () => void;
}

/**
 * @param list as it is now
 * @param view another one (page, search) is shown as it comes
 */
export function useSteadyRows<Row>(
  list: readonly Row[],
  keyOf: (row: Row) => string,
  view: string,
): Steady<Row> {
  const [shown, setShown] = useState({ view, rows: list });
  const now = new Map(list.map((row) => [keyOf(row), row]));
  const isSame = shown.view === view && shown.rows.length > 0;
  const rows = isSame ? shown.rows.map((row) => now.get(keyOf(row)) ?? row) : list;
  useEffect(() => {
    setShown({ view, rows });
    // `rows` follows from the list and what was shown.
  }, [list, view]);
  const keys = new Set(rows.map(keyOf));
  return {
    rows,
    gone: new Set(isSame ? [...keys].filter((key) => !now.has(key)) : []),
    fresh: isSame ? list.filter((row) => !keys.has(keyOf(row))).length : 0,
    refresh: () => setShown({ view, rows: list }),
  };
}
