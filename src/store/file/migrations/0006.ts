// Figures for the status: numbers of rows by kind, kept as the rows change, since to count a million
// rows takes longer than all else of a status; and what came of the work, per minute.

/** What a row of the queue is, and whether it has a due time, failed before, and of what. */
const queueKind = (row: string): string => `CASE
    WHEN ${row}.in_flight IS NOT NULL THEN 'in-flight'
    WHEN ${row}.due_at IS NULL THEN 'not-due'
    ELSE (CASE WHEN ${row}.entity = 'scene' THEN 'scene' ELSE 'fan-out' END) || ':'
      || ${row}.priority || ':'
      || (CASE WHEN ${row}.attempts > 0 THEN coalesce(${row}.error_code, 'unknown') ELSE '' END)
    END`;

const letterKind = (row: string): string => `${row}.error_code`;

const sceneKind = (row: string): string => `CASE
    WHEN ${row}.no_item_reason IS NOT NULL THEN ${row}.no_item_reason
    WHEN ${row}.rating_key IS NOT NULL THEN 'matched' ELSE 'new' END`;

function counting(table: string, kind: (row: string) => string): string {
  const add = (row: string): string => `
  INSERT INTO row_count (of, kind, count) VALUES ('${table}', ${kind(row)}, 1)
    ON CONFLICT (of, kind) DO UPDATE SET count = count + 1;`;
  const take = (row: string): string => `
  UPDATE row_count SET count = count - 1 WHERE of = '${table}' AND kind = ${kind(row)};`;
  return `
INSERT INTO row_count (of, kind, count)
  SELECT '${table}', ${kind(table)} AS kind, count(*) FROM ${table} GROUP BY kind;
CREATE TRIGGER ${table}_counted AFTER INSERT ON ${table} BEGIN ${add('NEW')}
END;
CREATE TRIGGER ${table}_uncounted AFTER DELETE ON ${table} BEGIN ${take('OLD')}
END;
CREATE TRIGGER ${table}_recounted AFTER UPDATE ON ${table}
  WHEN ${kind('OLD')} IS NOT ${kind('NEW')} BEGIN ${take('OLD')} ${add('NEW')}
END;
`;
}

export const migration0006 = `
CREATE TABLE row_count (
  of    TEXT NOT NULL,                  -- a table
  kind  TEXT NOT NULL,                  -- of its rows
  count INTEGER NOT NULL,
  PRIMARY KEY (of, kind)
) STRICT, WITHOUT ROWID;
${counting('queue', queueKind)}
${counting('dead_letter', letterKind)}
${counting('scene_state', sceneKind)}
CREATE INDEX IF NOT EXISTS queue_since ON queue (first_event_at);

-- What came of the work. Of minute 0 all since this data file was begun, of others the last day.
CREATE TABLE outcome (
  minute  INTEGER NOT NULL,             -- Unix minutes
  kind    TEXT NOT NULL,                -- 'pushed', 'unchanged', 'failed' …
  count   INTEGER NOT NULL,
  last_at INTEGER NOT NULL,             -- Unix ms
  PRIMARY KEY (minute, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO outcome (minute, kind, count, last_at)
  SELECT 0, 'pushed', 0, max(pushed_at) FROM scene_state HAVING max(pushed_at) IS NOT NULL;
`;
