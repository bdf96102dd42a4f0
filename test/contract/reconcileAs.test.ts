// What the task "Reconcile Library (as set)" is told by its setting.
import { describe, expect, it } from 'vitest';
import type { ReconcileArguments } from '../../src/contract/reconcile.ts';
import { readReconcileAs } from '../../src/contract/reconcileAs.ts';

function read(reconcileAs: unknown): { args: ReconcileArguments; problems: readonly string[] } {
  const problems: string[] = [];
  const args = readReconcileAs({ reconcileAs }, (setting, message) => {
    problems.push(`${setting} ${message}`);
  });
  return { args, problems };
}

describe('[1.4 GAP-05] [1.4 AUTO-03] the setting reconcileAs', () => {
  it('is all scenes where nothing was typed', () => {
    for (const unset of [undefined, null, '', ' , ']) {
      const { args, problems } = read(unset);
      expect(problems).toEqual([]);
      expect(args).toMatchObject({ scope: 'all', library: null, kinds: null, dry: false });
    }
  });

  it('takes scope, dates, library, kinds, and switches as a person says them', () => {
    expect(read('scope: 7days, library: My: Videos').args).toMatchObject({
      scope: '7days',
      library: 'My: Videos',
    });
    expect(read('KINDS:  empty  stale ,dry: On, withoutMissing: yes').args).toMatchObject({
      kinds: ['empty', 'stale'],
      dry: true,
      withoutMissing: true,
    });
    const { args, problems } = read('scope: custom, from: 2026-01-01T10:30, to: 24');
    expect(problems).toEqual([]);
    expect(args.from).toEqual({ at: new Date(2026, 0, 1, 10, 30).getTime() });
    expect(args.to).toEqual({ hours: 24 });
  });

  it.each([
    ['everything', 'must be parts such as'],
    ['colour: red', 'must be parts such as'],
    ['scope:', 'must be parts such as'],
    ['scope: month', '"scope" must be one of all, 24h, 7days, custom'],
    ['from: 2026-01-01', '"scope" must be custom'],
    ['scope: custom', '"from" must be given'],
    ['kinds: odd', '"kinds" must be of these'],
    ['dry: maybe', '"dry" must be true or false'],
    [5, 'must be a text'],
  ])('%j is refused with what would do', (typed, message) => {
    const { args, problems } = read(typed);
    expect(problems.join()).toContain('reconcileAs');
    expect(problems.join()).toContain(message);
    expect(args.scope).toBe('all');
  });
});
