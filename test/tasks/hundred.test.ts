// A hundred processes at one data file, eight at a time: operations, and events that come meanwhile.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readStatus } from '../../src/sync/tell/status.ts';
import { makeDataDirectory } from '../../src/store/file/dataDirectory.ts';
import { rows, run } from '../../src/store/file/sql.ts';
import { makePlace, t0 } from '../cli/support.ts';
import { ask } from './support.ts';

it('[1.2 QUEUE-05] operations from a hundred processes at once are all answered, and none is lost', async () => {
  const place = makePlace();
  place.withStore((db) => {
    run(
      db,
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
       INSERT INTO dead_letter (key, entity, entity_id, error_code, message, attempts,
         first_error_at, last_error_at, correlation)
       SELECT 'scene:' || i, 'scene', i, CASE WHEN i % 2 = 0 THEN 'internal' ELSE 'plex-reset' END,
         'm', 6, ${t0}, ${t0}, 'c' FROM n`,
    );
  });
  const calls = Array.from({ length: 100 }, (_, at): object => {
    // Each of these takes scenes of its own out of the dead letters, one way or the other.
    const keys = Array.from({ length: 30 }, (__, one) => at * 30 + one + 1);
    switch (at % 5) {
      case 0:
        return { name: 'retry', keys };
      case 1:
        return { name: 'first', list: 'dead-letters', keys };
      case 2:
        return { name: 'remove', list: 'dead-letters', keys };
      case 3:
        return { name: 'queue', search: String(at) };
      default:
        return { name: 'status' };
    }
  });
  let next = 0;
  let events = 0;
  const counts: Record<string, number> = {};
  const caller = async (): Promise<void> => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      const id = 10_000 + (events += 1);
      const event = { args: { hookContext: { id, type: 'Scene.Update.Post', input: null } } };
      const name = `Scene.Update.Post-${id}-1.1-999999999-${id}`;
      writeFileSync(join(place.data, 'spool', name), `${JSON.stringify(event)}\n`);
      const { code, output, error } = await ask(place, call);
      expect({ code, error }).toEqual({ code: 0, error: null });
      if (typeof output !== 'object' || output === null || !('count' in output)) continue;
      const which = 'name' in call ? String(call.name) : '';
      counts[which] = (counts[which] ?? 0) + Number(output.count);
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));

  expect(counts).toEqual({ retry: 600, first: 600, remove: 600 });
  const status = place.withStore((db) =>
    readStatus(db, makeDataDirectory(place.data), '0.0.0-test', t0),
  );
  expect(status.deadLetters.count).toBe(1_200);
  expect(status.queue).toMatchObject({ spooled: 0, pending: 1_200 + 100, inFlight: 0 });
  const twice = place.withStore((db) =>
    rows(db, 'SELECT 1 FROM queue JOIN dead_letter USING (key)'),
  );
  expect(twice).toEqual([]);
}, 240_000);
