// Rule: a file that a hook has acknowledged is never left lying with nobody alive to take it. Shown on a model of the
// scripts for every order of their steps; and the model is shown to be able to fail.
import { describe, expect, test } from 'vitest';
import { explore, type Mistake, type Scenario } from './support/leaving-model.ts';

describe('every order in which hooks, a supervisor and a leaving worker can meet', {
  timeout: 300_000,
}, () => {
  test.each([
    { hooks: 3, start: 'nothing' },
    { hooks: 3, start: 'dead claim' },
    { hooks: 2, start: 'at work' },
    { hooks: 0, tasks: 3, start: 'nothing' },
    { hooks: 1, tasks: 1, start: 'dead claim' },
    { hooks: 0, tasks: 2, start: 'at work' },
    { hooks: 1, tasks: 1, start: 'at work' },
  ] as const)(
    'strands no file and no row, and starts no second worker ($hooks hooks, $tasks tasks, $start)',
    (scenario) => {
      const findings = explore(scenario);
      expect(findings.states).toBeGreaterThan(1000);
      expect(findings).toMatchObject({ stranded: 0, sentHome: 0 });
    },
  );

  test.each([
    { hooks: 1, start: 'orphaned' },
    { hooks: 0, tasks: 1, start: 'orphaned' },
  ] as const)(
    'strands nothing where the supervisor was killed and its worker lives ($hooks hooks, $tasks tasks)',
    (scenario) => {
      expect(explore(scenario).stranded).toBe(0);
    },
  );

  test.each([
    { hooks: 2, start: 'nothing', kills: 1 },
    { hooks: 2, start: 'dead claim', kills: 1 },
    { hooks: 2, start: 'at work', kills: 1 },
    { hooks: 1, tasks: 1, start: 'at work', kills: 1 },
  ] as const)(
    'leaves nothing that one more hook does not mend ($hooks hooks, $start, $kills process killed at any moment)',
    (scenario) => {
      expect(explore(scenario).stranded).toBe(0);
    },
  );
});

describe('the search finds what it is there to find', { timeout: 300_000 }, () => {
  test.each<{ mistake: Mistake; start: Scenario['start']; hooks: number; tasks: number }>([
    {
      mistake: 'the leaving supervisor looks into the spool before it gives up its claim',
      start: 'at work',
      hooks: 2,
      tasks: 0,
    },
    {
      mistake: 'the hook looks for a supervisor before its file is complete',
      start: 'at work',
      hooks: 2,
      tasks: 0,
    },
    {
      mistake: 'the supervisor does not wait for the claim to be handed over',
      start: 'nothing',
      hooks: 2,
      tasks: 0,
    },
    {
      mistake: 'the leaving worker keeps its claim while it looks for the last time',
      start: 'at work',
      hooks: 0,
      tasks: 1,
    },
    {
      mistake: 'a supervisor whose worker was sent home does not look at the queue again',
      start: 'orphaned',
      hooks: 0,
      tasks: 2,
    },
    {
      mistake: 'the supervisor ends though its starter may hand over yet',
      start: 'orphaned',
      hooks: 0,
      tasks: 2,
    },
  ])('a stranded file or row, if $mistake', (scenario) => {
    expect(explore({ ...scenario, until: 'stranded' }).stranded).toBe(1);
  });

  test.each<{ mistake: Mistake; start: Scenario['start'] }>([
    { mistake: 'a dead claim is removed without another look', start: 'dead claim' },
    {
      mistake: 'a dead claim is removed without looking whether it still says the same',
      start: 'nothing',
    },
    { mistake: 'the worker takes its lock back without a claim', start: 'at work' },
  ])('a second worker, if $mistake', ({ mistake, start }) => {
    expect(explore({ hooks: 3, start, mistake, until: 'sent home' }).sentHome).toBeGreaterThan(0);
  });
});
