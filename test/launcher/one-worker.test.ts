import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { atOnce, makeSandbox, type Sandbox, until, writeDeadClaim } from './support/sandbox.ts';
import { underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test('300 changes, 16 at once: one worker is started, and each is taken exactly once', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    box.env['PLEXSYNC_TEST_QUIET_MS'] = '60000';
    await save(box, 300, 16);
    await until('everything is taken', () => box.spool().length === 0);
    expect(box.lines('starts')).toHaveLength(1);
    expect(box.lines('taken')).toHaveLength(300);
    expect(new Set(box.lines('taken')).size).toBe(300);
  });

  test('300 changes after a supervisor has died, 16 at once: one worker is started', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    box.env['PLEXSYNC_TEST_QUIET_MS'] = '60000';
    await writeDeadClaim(box);
    await save(box, 300, 16);
    await until('everything is taken', () => box.spool().length === 0);
    expect(box.lines('starts')).toHaveLength(1);
    expect(new Set(box.lines('taken')).size).toBe(300);
  });

  test('changes that come while a worker is leaving are all taken, with nobody touching anything', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    box.env['PLEXSYNC_TEST_QUIET_MS'] = '20';
    await save(box, 150, 3);
    await until('everything is taken', () => box.spool().length === 0);
    expect(new Set(box.lines('taken')).size).toBe(150);
  });
});

async function save(box: Sandbox, count: number, width: number): Promise<void> {
  await atOnce(count, width, async (index) => {
    const ended = await box.hook(hookInput({ dir: box.config, id: index + 1 }));
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
  });
}
