import { describe, expect, it } from 'vitest';
import { type ChangeTrace, openChanges } from '../../src/trace/changes.ts';

const t0 = Date.UTC(2026, 0, 2);
const cid = (at: number): string => `${at.toString(36)}-77-0`;

function recorder(): {
  readonly traces: ChangeTrace[];
  readonly changes: ReturnType<typeof openChanges>;
  readonly log: (
    at: number,
    event: string,
    key: string,
    correlation: string,
    code?: string,
  ) => void;
} {
  const traces: ChangeTrace[] = [];
  const changes = openChanges((trace) => traces.push(trace));
  return {
    traces,
    changes,
    log: (at, event, key, correlation, code) =>
      changes.logged(at, {
        level: 'info',
        event,
        fields: { key, cid: correlation, ...(code === undefined ? {} : { code }) },
      }),
  };
}

const told = ({ name, from, to }: { name: string; from: number; to: number }): unknown[] => [
  name,
  from - t0,
  to - t0,
];

describe('[1.2 OBS-01] the trace of a change', () => {
  it('has every wait and attempt, with the error of each', () => {
    const { traces, changes, log } = recorder();
    log(t0 + 10, 'event', 'scene:1', cid(t0));
    changes.batch(['scene:1'], t0 + 20);
    changes.did('read Stash', t0 + 25);
    log(t0 + 30, 'retry', 'scene:1', cid(t0), 'plex-server-error');
    changes.batchEnded(t0 + 31);
    expect(traces).toEqual([]);
    changes.batch(['scene:1'], t0 + 100);
    changes.did('read Stash', t0 + 105);
    log(t0 + 107, 'pushed', 'scene:1', cid(t0));
    changes.did('confirm', t0 + 110);
    changes.batchEnded(t0 + 111);
    const [trace] = traces;
    expect(traces).toHaveLength(1);
    expect(trace?.parts.map(told)).toEqual([
      ['spool', 0, 10],
      ['queue', 10, 20],
      ['attempt', 20, 30],
      ['queue', 30, 100],
      ['pushed', 100, 107],
    ]);
    expect(trace?.parts[2]).toMatchObject({ error: 'plex-server-error' });
    // The step that it ended in is cut there.
    expect(trace?.parts[4]?.parts?.map(told)).toEqual([
      ['read Stash', 100, 105],
      ['confirm', 105, 107],
    ]);
    expect(trace?.attributes['plexsync.attempts']).toBe(2);
  });

  it('is one for each of the edits that became one push', () => {
    const { traces, log } = recorder();
    log(t0 + 1, 'event', 'scene:1', cid(t0));
    log(t0 + 6, 'event', 'scene:1', cid(t0 + 5));
    log(t0 + 50, 'pushed', 'scene:1', cid(t0 + 5));
    expect(traces.map(({ from, to }) => [from - t0, to - t0])).toEqual([
      [0, 50],
      [5, 50],
    ]);
    log(t0 + 60, 'unchanged', 'scene:1', cid(t0 + 55));
    expect(traces).toHaveLength(3);
  });

  it('of a scene that another change raised begins with that one’s hook', () => {
    const { traces, log } = recorder();
    log(t0 + 40, 'pushed', 'scene:9', cid(t0));
    expect(traces[0]?.parts.map(told)).toEqual([
      ['queue', 0, 40],
      ['pushed', 40, 40],
    ]);
    log(t0 + 40, 'pushed', 'scene:9', 'sync-all');
    expect(traces[1]?.from).toBe(t0 + 40);
  });

  it('keeps no more of changes that never end than it has room for', () => {
    const { traces, log } = recorder();
    for (let scene = 0; scene < 20_001; scene += 1) log(t0 + 1, 'event', `scene:${scene}`, cid(t0));
    log(t0 + 9, 'pushed', 'scene:0', cid(t0));
    log(t0 + 9, 'pushed', 'scene:1', cid(t0));
    expect(traces.map(({ parts }) => parts[0]?.name)).toEqual(['queue', 'spool']);
  });
});
