// Helpers for plain SQL: transactions, typed rows, prepared statements that are prepared once.
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Database } from './database.ts';

const prepared = new WeakMap<Database, Map<string, StatementSync>>();

/** The statement for this text, prepared once per database. */
export function sql(db: Database, text: string): StatementSync {
  let statements = prepared.get(db);
  if (statements === undefined) {
    statements = new Map();
    prepared.set(db, statements);
  }
  let statement = statements.get(text);
  if (statement === undefined) {
    statement = db.prepare(text);
    statements.set(text, statement);
  }
  return statement;
}

export type Row = Readonly<Record<string, unknown>>;

export function rows(db: Database, text: string, ...values: SQLInputValue[]): readonly Row[] {
  return sql(db, text).all(...values);
}

export function row(db: Database, text: string, ...values: SQLInputValue[]): Row | undefined {
  return sql(db, text).get(...values);
}

/** Rows changed. */
export function run(db: Database, text: string, ...values: SQLInputValue[]): number {
  return Number(sql(db, text).run(...values).changes);
}

/** Runs `work` in one transaction; nothing of it stays if it throws. */
export function transaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite may have ended it itself, e.g. on a full disk (sqlite.org/lang_transaction.html).
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * The same, on the disk before it returns: for what a hook acknowledged and whose spool file goes
 * next.
 */
export function durableTransaction<T>(db: Database, work: () => T): T {
  db.exec('PRAGMA synchronous = FULL');
  try {
    return transaction(db, work);
  } finally {
    db.exec('PRAGMA synchronous = NORMAL');
  }
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} is not a number`);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not a text`);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** The one number of a `SELECT count(*) AS n`. */
export function count(db: Database, query: string, ...values: SQLInputValue[]): number {
  const found = row(db, query, ...values);
  return found === undefined ? 0 : integer(found, 'n');
}
