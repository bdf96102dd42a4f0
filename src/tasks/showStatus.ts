// "View queue status": what waits, what failed, and how Plex is.
import type { Status } from '../contract/status.ts';
import { readStatus } from '../sync/status.ts';
import type { TaskContext } from './context.ts';

export function showStatus(context: TaskContext): Status {
  const status = readStatus(context.db, context.directory, context.version, context.now);
  context.say(status.sentence);
  for (const { setting, message } of status.problems) context.say(`${setting}: ${message}`);
  for (const [cause, count] of Object.entries(status.deadLetters.byCause)) {
    context.say(`${count} failed: ${cause}`);
  }
  for (const [reason, count] of Object.entries(status.scenes.withoutItem)) {
    context.say(`${count} scenes have no Plex item: ${reason}`);
  }
  if (status.queue.kept > 0) {
    context.say(
      `${status.queue.kept} changes of performers, studios, tags or groups are kept for a later version`,
    );
  }
  if (status.missedSince !== null) {
    const since = new Date(status.missedSince.since).toISOString();
    context.say(`${since}: ${status.missedSince.reason}`);
  }
  return status;
}
