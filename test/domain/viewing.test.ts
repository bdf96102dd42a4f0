// Plans for what goes both ways, over thousands of made-up lives of a scene and its item, with deaths
// between any two writes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { viewingFields, type ViewingRule } from '../../src/contract/viewingSettings.ts';
import { type Both, type Known, type Note, unknown } from '../../src/domain/mirror/viewing.ts';
import { knownAfter, type Plan, planViewing } from '../../src/domain/mirror/viewingPlan.ts';
import { act, newWorld, type World, write } from './viewingModel.ts';

const minute = 60_000;

interface Life {
  readonly world: World;
  known: Known;
  readonly history: Note[];
}

function planOf({ world, known }: Life, rule: ViewingRule): Plan {
  return planViewing(both(world), known, viewingFields, rule, world.now);
}

function both(world: World): Both {
  return structuredClone({ plex: world.plex, stash: world.stash });
}

/** As the pass does it. @param diesAfter so many writes; Infinity = it lives */
function pass(life: Life, rule: ViewingRule, diesAfter: number): Plan {
  const plan = planOf(life, rule);
  life.history.push(...plan.writes.flatMap(({ note }) => (note === null ? [] : [note])));
  life.history.push(...plan.kept);
  life.known = plan.before;
  for (const [index, { write: one }] of plan.writes.entries()) {
    if (index >= diesAfter) return plan;
    write(life.world, one);
  }
  if (plan.writes.length >= diesAfter && plan.writes.length > 0) return plan;
  life.known = knownAfter(plan, life.world.plex);
  return plan;
}

const person = fc.oneof(
  fc.constantFrom(
    'view-in-plex',
    'unplay-in-plex',
    'play-in-stash',
    'clear-plays-in-stash',
    'delete-a-play-in-stash',
  ),
  fc.tuple(fc.constantFrom('stop-in-plex', 'stop-in-stash'), fc.integer({ min: 0, max: 3_000 })),
  fc.tuple(fc.constant('rate-in-plex'), fc.integer({ min: 0, max: 10 })),
  fc.tuple(fc.constant('rate-in-stash'), fc.integer({ min: 0, max: 100 })),
);
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('person' as const), does: person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      diesAfter: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 4 })),
    }),
  },
);
const rules = fc.constantFrom<ViewingRule>('later', 'plex', 'stash');
const switches = fc.record({
  marksMoveTime: fc.boolean(),
  marksClearOffset: fc.boolean(),
  zeroIsIgnored: fc.boolean(),
});

function live(
  life: Life,
  events: readonly (typeof event extends fc.Arbitrary<infer T> ? T : never)[],
  rule: ViewingRule,
  look: (before: Both, after: Both, plan: Plan) => void,
): void {
  for (const one of events) {
    // Nobody is at it any more.
    life.world.now += 5 * minute;
    if (one.kind === 'person') act(life.world, one.does);
    else {
      const before = both(life.world);
      const plan = pass(life, rule, one.diesAfter);
      look(before, both(life.world), plan);
    }
  }
}

const runs = { numRuns: 3_000 };

describe('what goes both ways [1.2 SYNC-01] [1.2 SYNC-03]', () => {
  test('no pass takes away a play of a person’s, whatever happens and whenever it dies', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        live(life, events, rule, () => {
          for (const play of life.world.personsPlays) {
            expect(life.world.stash.plays).toContain(play);
          }
        });
      }),
      runs,
    );
  });

  test('no value goes from either side without standing in the history', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        live(life, events, rule, (before, after) => {
          const told = (field: string, side: string, value: string): void => {
            expect(
              life.history.some(
                (note) => note.field === field && note.side === side && note.before === value,
              ),
            ).toBe(true);
          };
          if (before.stash.rating100 !== after.stash.rating100 && before.stash.rating100 !== null) {
            told('rating', 'stash', String(before.stash.rating100));
          }
          if (before.plex.userRating !== after.plex.userRating && before.plex.userRating !== null) {
            told('rating', 'plex', String(before.plex.userRating));
          }
          const { resumeSeconds } = before.stash;
          if (resumeSeconds !== after.stash.resumeSeconds && resumeSeconds > 0) {
            told('resume', 'stash', String(resumeSeconds));
          }
          for (const play of before.stash.plays.filter((at) => !after.stash.plays.includes(at))) {
            const iso = new Date(play).toISOString();
            expect(life.history.some((note) => note.before.includes(iso))).toBe(true);
          }
          if (before.plex.viewCount > 0 && after.plex.viewCount === 0) {
            told('watched', 'plex', 'watched');
          }
        });
      }),
      runs,
    );
  });

  test('a second pass after one that ended writes nothing, and neither does any other until somebody changes something', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        live(life, events, rule, () => {});
        life.world.now += 5 * minute;
        pass(life, rule, Number.POSITIVE_INFINITY);
        const { length } = life.history;
        for (let more = 0; more < 3; more += 1) {
          life.world.now += 5 * minute;
          expect(pass(life, rule, Number.POSITIVE_INFINITY).writes).toEqual([]);
        }
        expect(life.history).toHaveLength(length);
      }),
      runs,
    );
  });

  test('no play comes to Stash but those of views in Plex: PlexSync never takes its own marks for one', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        live(life, events, rule, () => {
          const { personsPlays, views, stash } = life.world;
          for (const play of stash.plays) expect([...personsPlays, ...views]).toContain(play);
          expect(new Set(stash.plays).size).toBe(stash.plays.length);
        });
      }),
      runs,
    );
  });

  test('where somebody stopped goes from neither side by a mark, unless a person has cleared it', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        let [was, wasInPlex, hasDied] = [false, false, false];
        live(life, events, rule, (before, now, { writes }) => {
          was ||= before.stash.resumeSeconds > 0;
          wasInPlex ||= before.plex.viewOffsetMs > 0;
          if (life.world.hasCleared) return;
          if (was) expect(now.stash.resumeSeconds).toBeGreaterThan(0);
          // Of a death right after a mark the next pass puts it right.
          hasDied = writes.some(({ write: { kind } }) => kind === 'mark' || kind === 'offset');
          if (wasInPlex && !hasDied) expect(now.plex.viewOffsetMs).toBeGreaterThan(0);
        });
        life.world.now += 5 * minute;
        pass(life, rule, Number.POSITIVE_INFINITY);
        if (wasInPlex && !life.world.hasCleared) {
          expect(life.world.plex.viewOffsetMs).toBeGreaterThan(0);
        }
      }),
      runs,
    );
  });

  test('a person’s mark in Plex is never taken away, and an item is only marked that has no view', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), rules, switches, (events, rule, plexIs) => {
        const life: Life = { world: newWorld(plexIs), known: unknown, history: [] };
        live(life, events, rule, (before, _after, { writes }) => {
          for (const { write: one } of writes) {
            if (one.kind !== 'mark') continue;
            if (one.to === 'watched') expect(before.plex.viewCount).toBe(0);
            else expect(life.world.personsViewSinceUnplayed).toBe(false);
          }
        });
      }),
      runs,
    );
  });
});

/** One scene and its item, compared once when they were as told. */
function after(start: Partial<World['plex']>, scene: Partial<World['stash']>): Life {
  const world = newWorld({ marksMoveTime: true, marksClearOffset: true, zeroIsIgnored: false });
  Object.assign(world.plex, start);
  Object.assign(world.stash, scene);
  const life: Life = { world, known: unknown, history: [] };
  pass(life, 'later', Number.POSITIVE_INFINITY);
  life.history.length = 0;
  world.now += 10 * minute;
  return life;
}

test('a view is one play, although PlexSync died after it had moved the time of the view [1.2 SYNC-01]', () => {
  const life = after({ viewCount: 1, lastViewedAt: Date.UTC(2025, 0, 1) }, {});
  act(life.world, 'view-in-plex');
  act(life.world, ['stop-in-stash', 900]);
  life.world.now += minute;
  expect(pass(life, 'later', 2).writes.map(({ write: { kind } }) => kind)).toEqual([
    'add-play',
    'offset',
  ]);
  life.world.now += 5 * minute;
  pass(life, 'later', Number.POSITIVE_INFINITY);
  expect(life.world.stash.plays).toHaveLength(2);
});

describe('who counts [1.2 SYNC-03]', () => {
  test('a rating that changed on one side alone is carried, also where it is lower', () => {
    const life = after({ userRating: 9 }, { rating100: 90 });
    life.world.plex.userRating = 4;
    expect(planOf(life, 'stash').writes.map(({ write: one }) => one)).toEqual([
      { side: 'stash', kind: 'rate', rating100: 40 },
    ]);
  });

  test('a finer rating of Stash’s is not overwritten by its round', () => {
    expect(planOf(after({ userRating: 7 }, { rating100: 73 }), 'plex').writes).toEqual([]);
  });

  test.each([
    ['later', 'stash', 20],
    ['plex', 'stash', 20],
    ['stash', 'plex', 8],
  ] as const)(
    'where both were rated anew, "%s" writes to %s, and the loser is kept',
    (rule, side, rating) => {
      const life = after({ userRating: 5 }, { rating100: 50 });
      const { now } = life.world;
      Object.assign(life.world.plex, { userRating: 2, lastRatedAt: now - minute });
      Object.assign(life.world.stash, { rating100: 80, updatedAt: now - 2 * minute });
      const [planned] = planOf(life, rule).writes;
      expect(planned?.write).toMatchObject(
        side === 'stash' ? { side, rating100: rating } : { side, rating },
      );
      expect(planned?.note).toMatchObject({
        why: 'conflict',
        before: side === 'stash' ? '80' : '2',
        conflict: { plex: '2', stash: '80', plexAt: now - minute, rule },
      });
    },
  );

  test('a resume point nearer to the beginning wins where it is the later one', () => {
    const life = after({ viewOffsetMs: 900_000 }, { resumeSeconds: 900 });
    const { now } = life.world;
    Object.assign(life.world.plex, { viewOffsetMs: 60_000, lastViewedAt: now - 2 * minute });
    Object.assign(life.world.stash, { resumeSeconds: 1_800, lastPlayedAt: now - 4 * minute });
    expect(planOf(life, 'later').writes.map(({ write: one }) => one)).toEqual([
      { side: 'stash', kind: 'resume', seconds: 60 },
    ]);
  });

  test('an item that is being watched right now is left alone until it is not', () => {
    const life = after({}, {});
    Object.assign(life.world.plex, { lastViewedAt: life.world.now - 30_000, viewOffsetMs: 5_000 });
    Object.assign(life.world.stash, { resumeSeconds: 700 });
    expect(planOf(life, 'later')).toMatchObject({ writes: [], waits: true });
    life.world.now += minute;
    expect(planOf(life, 'later').writes).toHaveLength(1);
  });

  test('a resume point near the end is not told to Plex, which would count it as a view', () => {
    const life = after({}, {});
    life.world.stash.resumeSeconds = 3_500;
    const plan = planOf(life, 'later');
    expect(plan.writes).toEqual([]);
    expect(plan.kept).toMatchObject([{ field: 'resume', side: 'plex', why: 'kept' }]);
  });
});
