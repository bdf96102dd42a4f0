// The history of outages. It follows the circuit and decides nothing: whether there is an outage now
// is the circuit's to say.
import { type ErrorCode, errorCodes } from '../../contract/errors.ts';
import * as v from 'valibot';
import type { Circuit } from '../../domain/recover/circuit.ts';
import type { Database } from '../file/database.ts';
import { count, integer, integerOrNull, type Row, row, rows, run, text } from '../file/sql.ts';

export type OutageKind = 'away' | 'token';

export interface Outage {
  /** Higher than that of all before. */
  readonly id: number;
  readonly kind: OutageKind;
  /** Unix ms. */
  readonly beganAt: number;
  /** Null if it was not seen to end. */
  readonly endedAt: number | null;
  readonly code: ErrorCode | null;
  readonly cause: string;
  /** Things that waited for its end: rows of the queue, pictures and ratings. */
  readonly jobs: number;
  readonly probes: number;
}

/** So many that ended are kept. */
export const keptOutages = 30;

/** What is known of an outage when it begins, beside what the circuit says. */
export interface Beginning {
  readonly code: ErrorCode | null;
  readonly cause: string;
}

/**
 * Begins or ends an outage as the circuit says. Call it in the transaction that writes the circuit;
 * again with the same circuit, it changes nothing but what waits.
 */
export function followCircuit(
  db: Database,
  circuit: Circuit,
  beginning: Beginning,
  now: number,
): void {
  const kind = kindOf(circuit);
  const lasting = lastingOutage(db);
  if (lasting !== null && kind === lasting.kind) {
    noteWaiting(db, now);
    return;
  }
  if (lasting !== null) {
    noteWaiting(db, now);
    run(db, 'UPDATE outage SET ended_at = max(began_at, ?) WHERE ended_at IS NULL', now);
    run(
      db,
      `DELETE FROM outage WHERE ended_at IS NOT NULL AND id NOT IN
         (SELECT id FROM outage WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT ?)`,
      keptOutages,
    );
  }
  if (kind === null || circuit.kind === 'closed') return;
  run(
    db,
    'INSERT INTO outage (kind, began_at, code, cause) VALUES (?, ?, ?, ?)',
    kind,
    circuit.since,
    beginning.code,
    beginning.cause,
  );
  noteWaiting(db, now);
}

function kindOf(circuit: Circuit): OutageKind | null {
  if (circuit.kind === 'closed') return null;
  return circuit.kind === 'refused' ? 'token' : 'away';
}

/** Call it before the answer is known: a probe that a kill cuts short was made, too. */
export function noteProbe(db: Database): void {
  run(db, 'UPDATE outage SET probes = probes + 1 WHERE ended_at IS NULL');
}

function noteWaiting(db: Database, now: number): void {
  const waiting =
    count(db, 'SELECT count(*) AS n FROM queue WHERE due_at <= ?', now) +
    count(db, 'SELECT count(*) AS n FROM extra WHERE due_at <= ?', now);
  run(db, 'UPDATE outage SET jobs = max(jobs, ?) WHERE ended_at IS NULL', waiting);
}

/** The one that was not seen to end; whether it lasts, the circuit says. */
export function lastingOutage(db: Database): Outage | null {
  const found = row(db, 'SELECT * FROM outage WHERE ended_at IS NULL');
  return found === undefined ? null : outage(found);
}

/** The newest first. */
export function outages(db: Database): readonly Outage[] {
  return rows(db, 'SELECT * FROM outage ORDER BY id DESC').map(outage);
}

/**
 * The outage in whose time something failed, from its first failure to its last, Unix ms; of several
 * the latest, null for none.
 */
export function outageOf(db: Database, firstErrorAt: number, lastErrorAt: number): number | null {
  const found = row(
    db,
    `SELECT max(id) AS id FROM outage
     WHERE began_at <= ? AND (ended_at IS NULL OR ended_at >= ?)`,
    lastErrorAt,
    firstErrorAt,
  );
  return found === undefined ? null : integerOrNull(found, 'id');
}

/** The clock was ahead and was put right. */
export function putOutagesRight(db: Database, now: number): void {
  run(
    db,
    'UPDATE outage SET began_at = min(began_at, ?1), ended_at = min(ended_at, ?1) WHERE began_at > ?1 OR ended_at > ?1',
    now,
  );
}

const codeSchema = v.picklist(errorCodes);
const kindSchema = v.picklist(['away', 'token']);

function outage(found: Row): Outage {
  // A later version may have had more of them.
  const code = v.safeParse(codeSchema, found['code']);
  const kind = v.safeParse(kindSchema, found['kind']);
  return {
    id: integer(found, 'id'),
    kind: kind.success ? kind.output : 'away',
    beganAt: integer(found, 'began_at'),
    endedAt: integerOrNull(found, 'ended_at'),
    code: code.success ? code.output : null,
    cause: text(found, 'cause'),
    jobs: integer(found, 'jobs'),
    probes: integer(found, 'probes'),
  };
}
