// A library in step with Plex, with longer lists than a listing of Plex's shows, and a run over it turned
// by hand.
import type { ItemContent } from '../../simulators/plex/content.ts';
import type { GapKind } from '../../src/contract/gaps.ts';
import { extraCounts } from '../../src/store/queue/extra.ts';
import { type Gap, gapPage } from '../../src/store/mirror/gap.ts';
import { beginRun, lastRuns, type NewRun, type Run, runUnderWay } from '../../src/store/run/run.ts';
import { transaction } from '../../src/store/file/sql.ts';
import type { Pair, WorldOptions } from '../helpers/world.ts';
import { allRows } from '../store/support.ts';
import { openTurns, type Turns } from '../sync/turns.ts';

export const whole: NewRun = {
  origin: 'person',
  scope: { since: null, until: null, library: null, kinds: null },
  dry: false,
  limit: null,
};
export const anything = { kind: null, field: null, state: null, confidence: null };
export const tags = ['a', 'b', 'c', 'd'];
export const performers = ['Ann', 'Bea', 'Cleo', 'Dora'];

export interface InStep extends Turns {
  /** @throws RangeError */
  readonly pair: (at: number) => Pair;
  readonly pairs: readonly Pair[];
  begin(more?: Partial<NewRun>): Run;
  /** To its end, with a second between two turns; what it queues is pushed meanwhile. */
  reconciled(more?: Partial<NewRun>, everyMs?: number): Promise<Run>;
  /** Until nothing is due. */
  drained(): Promise<void>;
  gaps(kind?: GapKind): readonly Gap[];
  /** Kind, field and scene of each gap, sorted. */
  told(): readonly string[];
  /** As a refresh of Plex's leaves it: nobody locks it. */
  readonly put: (pair: Pair, content: ItemContent) => void;
  /** Requests to Plex that are no reads. */
  writes(): number;
}

export async function openInStep(count: number, options: WorldOptions = {}): Promise<InStep> {
  const turns = await openTurns(options);
  const { world, db } = turns;
  const pairs = world.addPairs(count);
  for (const { sceneId } of pairs) {
    world.edit(sceneId, { title: `Scene ${sceneId}`, studio: 'One', tags, performers });
  }
  const inStep: InStep = Object.assign(turns, {
    pairs,
    pair: (at: number): Pair => {
      const pair = pairs[at];
      if (pair === undefined) throw new RangeError(`no pair ${at}`);
      return pair;
    },
    begin: (more: Partial<NewRun> = {}): Run => {
      const run = transaction(db, () => beginRun(db, { ...whole, ...more }, turns.nowMs));
      if (run === null) throw new Error('another run is under way');
      return run;
    },
    reconciled: async (more: Partial<NewRun> = {}, everyMs = 1_000): Promise<Run> => {
      const { id } = inStep.begin(more);
      return await ended(turns, id, everyMs);
    },
    drained: async (): Promise<void> => {
      for (let made = 0; made < 300; made += 1) {
        const { kind } = await turns.turn();
        if (kind === 'idle' && allRows(db, 'queue').length + extraCounts(db).waiting === 0) return;
        turns.nowMs += 1_000;
      }
      throw new Error(`rows still wait: ${JSON.stringify(allRows(db, 'queue'))}`);
    },
    gaps: (kind?: GapKind): readonly Gap[] =>
      gapPage(db, { ...anything, kind: kind ?? null }, 0, 1_000),
    told: (): readonly string[] =>
      inStep
        .gaps()
        .map(({ kind, field, sceneId }) => `${kind} ${field} ${sceneId}`)
        .toSorted(),
    put: ({ ratingKey }: Pair, content: ItemContent): void => {
      world.plex.library.setByPerson(ratingKey, { ...content, locked: [] });
    },
    writes: (): number => world.plex.accessLog.filter(({ method }) => method !== 'GET').length,
  });
  await inStep.drained();
  return inStep;
}

/** Turned until the run has ended. */
export async function ended(turns: Turns, id: number, everyMs = 1_000): Promise<Run> {
  for (let made = 0; made < 400 && runUnderWay(turns.db)?.id === id; made += 1) {
    await turns.turns(1, everyMs);
  }
  const run = lastRuns(turns.db, 30).find((one) => one.id === id);
  if (run === undefined || run.state === 'running') throw new Error('the run did not end');
  return run;
}
