// Rows that keep their place while somebody looks at them. What is new in the list waits for a click,
// and what is in it no more stays, marked; values change in place.
import { useEffect, useState } from 'react';

export interface Steady<Row> {
  readonly rows: readonly Row[];
  /** No more in the list. */
  readonly gone: ReadonlySet<string>;
  /** In the list and not shown. */
  readonly fresh: number;
  /** Shows the list as it is now, and the next one as it comes. */
  readonly refresh: () => void;
}

interface Shown<Row> {
  readonly view: string;
  readonly rows: readonly Row[];
  /** The list that they were shown for. */
  readonly of: readonly Row[];
  /** Another list is shown as it comes. */
  readonly open: boolean;
}

/**
 * @param list as it is now; another array where it is another list
 * @param view which list it is (page, search): another one is shown as it is
 */
export function useSteadyRows<Row>(
  list: readonly Row[],
  keyOf: (row: Row) => string,
  view: string,
): Steady<Row> {
  const [shown, setShown] = useState<Shown<Row>>({ view, rows: list, of: list, open: false });
  const keeps = shown.view === view && !(shown.open && shown.of !== list) && shown.rows.length > 0;
  const present = new Map(list.map((row) => [keyOf(row), row]));
  const rows = keeps ? shown.rows.map((row) => present.get(keyOf(row)) ?? row) : list;
  useEffect(() => {
    setShown((old) => {
      const isAnother = old.view !== view || old.of !== list;
      return isAnother ? { view, rows, of: list, open: false } : old;
    });
    // `rows` follows from the list and what was shown.
  }, [list, view]);
  const keys = new Set(rows.map(keyOf));
  return {
    rows,
    gone: new Set([...keys].filter((key) => !present.has(key))),
    fresh: list.filter((row) => !keys.has(keyOf(row))).length,
    refresh: () => setShown({ view, rows: list, of: list, open: true }),
  };
}
