// Transactions and typed rows.
import { describe, expect, it } from 'vitest';
import {
  count,
  durableTransaction,
  integer,
  integerOrNull,
  row,
  rows,
  run,
  sql,
  text,
  textOrNull,
  transaction,
} from '../../src/store/file/sql.ts';
import { newStore } from './support.ts';

describe('a transaction', () => {
  it.each([
    ['a plain one', transaction],
    ['a durable one', durableTransaction],
  ] as const)('of which nothing stays when its work throws: %s', (_, inTransaction) => {
    const db = newStore();
    const put = (name: string): number =>
      run(db, 'INSERT INTO state (name, value) VALUES (?, ?)', name, '1');
    expect(inTransaction(db, () => put('kept'))).toBe(1);
    expect(() =>
      inTransaction(db, () => {
        put('lost');
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(rows(db, 'SELECT name FROM state').map((found) => found['name'])).toEqual(['kept']);
    // Another one can begin.
    expect(inTransaction(db, () => put('next'))).toBe(1);
  });

  it('that SQLite itself has ended says why, not that there is nothing to roll back', () => {
    const db = newStore();
    db.exec('PRAGMA max_page_count = 30');
    const fill = (): void => {
      for (let at = 0; at < 1_000; at += 1) {
        run(db, 'INSERT INTO state (name, value) VALUES (?, ?)', `${at}`, 'x'.repeat(3_000));
      }
    };
    for (const inTransaction of [transaction, durableTransaction]) {
      expect(() => inTransaction(db, fill)).toThrow('database or disk is full');
    }
    expect(count(db, 'SELECT count(*) AS n FROM state')).toBe(0);
  });

  it('is on the disk before a durable one returns, and others stay quick', () => {
    const db = newStore();
    const level = (): unknown => db.prepare('PRAGMA synchronous').get();
    db.exec('PRAGMA synchronous = NORMAL');
    expect(durableTransaction(db, level)).toEqual({ synchronous: 2 });
    expect(level()).toEqual({ synchronous: 1 });
    expect(transaction(db, level)).toEqual({ synchronous: 1 });
  });
});

describe('a row', () => {
  it('gives its columns as what they must be, or says which one is not', () => {
    const db = newStore();
    const found = row(db, "SELECT 1 AS n, 'x' AS t, NULL AS none") ?? {};
    expect([integer(found, 'n'), text(found, 't')]).toEqual([1, 'x']);
    expect([integerOrNull(found, 'none'), textOrNull(found, 'none')]).toEqual([null, null]);
    expect([integerOrNull(found, 'n'), textOrNull(found, 't')]).toEqual([1, 'x']);
    expect(() => integer(found, 't')).toThrow('column t is not a number');
    expect(() => text(found, 'n')).toThrow('column n is not a text');
    expect(() => text(found, 'missing')).toThrow('column missing');
    expect(() => integerOrNull(found, 'missing')).toThrow('column missing');
  });

  it('is absent where nothing is found, and nothing counts as 0', () => {
    const db = newStore();
    expect(row(db, 'SELECT name FROM state')).toBeUndefined();
    expect(rows(db, 'SELECT name FROM state')).toEqual([]);
    expect(count(db, 'SELECT count(*) AS n FROM state')).toBe(0);
    expect(run(db, 'DELETE FROM state')).toBe(0);
  });

  it('comes from a statement that is prepared once per database', () => {
    const [one, other] = [newStore(), newStore()];
    expect(sql(one, 'SELECT 1')).toBe(sql(one, 'SELECT 1'));
    expect(sql(one, 'SELECT 1')).not.toBe(sql(other, 'SELECT 1'));
  });
});
