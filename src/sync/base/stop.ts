// How what the servers answer ends a drain.
import type { PlexSyncError } from '../../contract/errors.ts';
import { judge, type Verdict } from '../../domain/recover/failure.ts';
import type { Stop } from './job.ts';

/** How a failed read of the server's ends the drain. */
export function stopOf(error: PlexSyncError, lastFailed: string | null): Stop {
  return stopFor(
    judge(error, { read: 'bad', otherWrite: 'none', aloneFailures: 0 }),
    error,
    lastFailed,
  );
}

/** How a verdict on a write ends the drain. */
export function stopFor(verdict: Verdict, error: PlexSyncError, lastFailed: string | null): Stop {
  if (verdict.kind === 'token') return { kind: 'token', error };
  if (verdict.kind === 'wait') return { kind: 'wait', error, ms: verdict.ms };
  return { kind: 'server', error, lastFailed };
}
