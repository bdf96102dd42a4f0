// "Queue", "dead letters", "extras" and "waiting": what there is to see, in pages, searched, by cause.
import { causeOf, causeOfWaiting, waitingReasons } from '../contract/causes.ts';
import {
  type DeadLettersAnswer,
  type DeadLettersArguments,
  deadLettersArguments,
  type ExtrasAnswer,
  extrasArguments,
  type ExtrasArguments,
  type ListArguments,
  type QueueAnswer,
  queueArguments,
  type WaitingAnswer,
  waitingArguments,
  type WaitingArguments,
} from '../contract/lists.ts';
import * as extraStore from '../store/queue/extraList.ts';
import { deadLetterList, queueList } from '../store/queue/queueList.ts';
import { waitingList } from '../store/queue/waitingList.ts';
import type { Operation } from './operation.ts';

export const queue: Operation<ListArguments, QueueAnswer> = {
  arguments: queueArguments,
  perform: ({ db }, { cause, ...query }) => {
    const { total, rows } = queueList(db, { ...query, causes: cause });
    return {
      total,
      rows: rows.map((row) => ({
        ...about(row),
        since: row.since,
        dueAt: row.dueAt,
        attempts: row.attempts,
        cause: row.errorCode === null ? null : causeWith(row.errorCode),
        priority: row.priority === 0 ? 'first' : 'bulk',
        source: row.source,
        inFlight: row.inFlight,
      })),
    };
  },
};

export const deadLetters: Operation<DeadLettersArguments, DeadLettersAnswer> = {
  arguments: deadLettersArguments,
  perform: ({ db }, { cause, outage, ...query }) => {
    const { total, rows } = deadLetterList(db, { ...query, causes: cause }, outage);
    return {
      total,
      rows: rows.map((row) => ({
        ...about(row),
        cause: causeWith(row.errorCode),
        message: row.message,
        field: row.field,
        attempts: row.attempts,
        firstErrorAt: row.firstErrorAt,
        lastErrorAt: row.lastErrorAt,
        outage: row.outage,
      })),
    };
  },
};

export const extras: Operation<ExtrasArguments, ExtrasAnswer> = {
  arguments: extrasArguments,
  perform: ({ db }, { state, cause, ...query }) => {
    const which = state === 'given-up' ? extraStore.givenUp : extraStore.waiting;
    const { total, rows } = extraStore.extraList(db, which, { ...query, causes: cause });
    return {
      total,
      byCause: extraStore.givenUpByCause(db),
      rows: rows.map(({ sceneId, errorCode, ...row }) => ({
        scene: sceneId,
        ...row,
        cause: errorCode === null ? null : causeWith(errorCode),
      })),
    };
  },
};

export const waiting: Operation<WaitingArguments, WaitingAnswer> = {
  arguments: waitingArguments,
  perform: ({ db }, { reason, ...query }) => {
    const { total, rows } = waitingList(db, { ...query, reasons: reason ?? waitingReasons });
    return {
      total,
      rows: rows.map((row) => ({
        scene: row.sceneId,
        cause: { code: row.reason, ...causeOfWaiting(row.reason) },
        since: row.since,
        title: row.title,
        path: row.path,
      })),
    };
  },
};

interface Thing {
  readonly key: string;
  readonly entity: string;
  readonly entityId: number;
  readonly title: string;
  readonly path: string;
}

function about({ key, entity, entityId, title, path }: Thing): {
  readonly key: string;
  readonly what: string;
  readonly id: number;
  readonly title: string;
  readonly path: string;
} {
  return { key, what: entity, id: entityId, title, path };
}

function causeWith(code: string): QueueAnswer['rows'][number]['cause'] & object {
  return { code, ...causeOf(code) };
}
