// What of the scene waits, failed or was given up, as the answer tells it.
import { causeOf } from '../../contract/causes.ts';
import { extras } from '../../contract/fieldPolicies.ts';
import type { QueueView } from '../../contract/sceneView.ts';
import { extraOf } from '../../store/queue/extra.ts';
import type { Database } from '../../store/file/database.ts';
import { queueKey } from '../../store/queue/queue.ts';
import { deadLetterOf, queueItemOf } from '../../store/queue/queueList.ts';

export function queueView(db: Database, sceneId: number): QueueView {
  const key = queueKey('scene', sceneId);
  const row = queueItemOf(db, key);
  const letter = deadLetterOf(db, key);
  return {
    waiting:
      row === null
        ? null
        : {
            since: row.since,
            dueAt: row.dueAt,
            attempts: row.attempts,
            cause: row.errorCode === null ? null : causeWith(row.errorCode),
            priority: row.priority === 0 ? 'first' : 'bulk',
            source: row.source,
            inFlight: row.inFlight,
          },
    deadLetter:
      letter === null
        ? null
        : {
            ...causeWith(letter.errorCode),
            message: letter.message,
            field: letter.field,
            attempts: letter.attempts,
            lastErrorAt: letter.lastErrorAt,
          },
    extras: extras.flatMap((kind) => {
      const extra = extraOf(db, sceneId, kind);
      if (extra === null) return [];
      const { dueAt, attempts, error } = extra;
      const trouble = error === null ? null : { ...causeWith(error.code), message: error.message };
      return [{ kind, dueAt, attempts, error: trouble }];
    }),
  };
}

function causeWith(code: string): {
  readonly code: string;
  readonly meaning: string;
  readonly wayOut: string;
} {
  return { code, ...causeOf(code) };
}
