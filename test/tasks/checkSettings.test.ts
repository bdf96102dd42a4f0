// What would be wrong if a setting were changed: told before it is saved.
import { describe, expect, it } from 'vitest';
import { checkChange } from '../../src/tasks/checkSettings.ts';
import type { TaskContext } from '../../src/tasks/context.ts';

/** It needs nothing of it. */
const context = {} as TaskContext;
const problems = async (settings: Readonly<Record<string, unknown>>, changed: string) =>
  (await checkChange.perform(context, { settings, changed })).problems;

describe('[1.0 VALID-03] a setting that is to be changed', () => {
  it('is checked like all of them, without those that are wrong anyway', async () => {
    expect(await problems({ titleTemplate: '{title}', tagLimit: 0.5 }, 'titleTemplate')).toEqual(
      [],
    );
    expect(await problems({ tagLimit: 500 }, 'tagLimit')).toMatchObject([{ setting: 'tagLimit' }]);
  });

  it('is wrong also where it contradicts another one', async () => {
    const found = await problems({ includeTags: 'Noir', excludeTags: 'Noir' }, 'excludeTags');
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('Noir');
  });
});
