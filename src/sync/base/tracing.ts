// What a tracer is told of the work: lines of the log that concern a change, and the steps of a batch.
// Without one nothing is told; src/trace has the one that exports to OpenTelemetry.
import type { Clock } from './clock.ts';
import type { Log, LogFields, LogLevel } from './log.ts';

export interface Tracing {
  /** @param at Unix ms */
  logged(at: number, line: TracedLine): void;
  /** A batch with these rows was begun. */
  batch(keys: readonly string[], at: number): void;
  /** So the batch spent the time since its last step, or since it was begun. */
  did(step: string, at: number): void;
  batchEnded(at: number): void;
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>;
}

export interface TracedLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** The same log; the tracer sees what is written. */
export function tracedLog(log: Log, clock: Clock, tracing: Tracing | null): Log {
  if (tracing === null) return log;
  return {
    write: (level, event, message, fields = {}) => {
      log.write(level, event, message, fields);
      if (fields['cid'] !== undefined) tracing.logged(clock.now(), { level, event, fields });
    },
    keepSecret: (values, lasts) => log.keepSecret(values, lasts),
    withoutSecrets: (text) => log.withoutSecrets(text),
  };
}
