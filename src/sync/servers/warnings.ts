// What a person should look at although nothing is held up by it: told once in the log, shown in the
// status for as long as it holds.
import type { Warning } from '../../contract/status.ts';
import type { Database } from '../../store/file/database.ts';
import * as state from '../../store/file/state.ts';
import { clearState, readState, writeState } from '../../store/file/state.ts';
import type { Log } from '../base/log.ts';

/** @param warnings all that hold now: others are over */
export function reportWarnings(db: Database, log: Log, warnings: readonly Warning[]): void {
  const known = readState(db, state.warnings) ?? [];
  const appeared = warnings.filter((warning) => !has(known, warning));
  const gone = known.filter((warning) => !has(warnings, warning));
  if (appeared.length === 0 && gone.length === 0) return;
  if (warnings.length === 0) clearState(db, state.warnings);
  else writeState(db, state.warnings, [...warnings]);
  for (const { about, message } of appeared) log.write('warn', 'warning', message, { about });
  for (const { about } of gone) {
    // It says something else now.
    if (warnings.some((warning) => warning.about === about)) continue;
    log.write('info', 'warning', `The warning about ${about} is over`, { about });
  }
}

function has(warnings: readonly Warning[], { about, message }: Warning): boolean {
  return warnings.some((other) => other.about === about && other.message === message);
}
