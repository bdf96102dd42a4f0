import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { hookInput } from './support/envelope.ts';
import { asParentOfOrphans } from './support/namespaces.ts';
import { atOnce, isAlive, makeSandbox, run, type Sandbox, until } from './support/sandbox.ts';
import { skipLoudly, underEveryShell } from './support/shells.ts';

const orphans = asParentOfOrphans();

underEveryShell((shell) => {
  const title =
    'supervisor and worker killed, and zombies for good since Stash reaps nothing: the next change starts others';
  if (orphans === undefined) {
    skipLoudly(title, 'neither process namespaces nor python3 here');
  } else {
    test(title, async () => {
      const box = makeSandbox(shell);
      const driver = fileURLToPath(new URL('./support/under-no-reaper.ts', import.meta.url));
      const [program = '', ...options] = orphans;
      const launcher = [join(box.root, 'bin/sh'), join(box.plugin, 'launch.sh')];
      const args = [...launcher, box.data, hookInput({ dir: box.config })];
      const ended = await run(
        program,
        [...options, process.execPath, driver, ...args],
        '',
        box.env,
      );
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(ended.stdout)).toEqual({ codes: [0, 0], states: ['Z', 'Z'] });
    });
  }

  test('the supervisor alone killed, then 100 changes: at most two worker starts, and nothing is lost', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    box.env['PLEXSYNC_TEST_QUIET_MS'] = '60000';
    await save(box, 1);
    await until('the first is taken', () => box.lines('taken').length === 1);
    killProcess(box.claimant(), 'SIGKILL');
    await save(box, 100);
    await until('everything is taken', () => box.lines('taken').length === 101);
    expect(new Set(box.lines('taken')).size).toBe(101);
    expect(box.lines('starts').length).toBeLessThanOrEqual(3);
    expect(isAlive(box.claimant() ?? 0)).toBe(true);
  });

  test('the worker alone killed after the last of 30 changes: all 30 are taken with nobody touching anything', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    await save(box, 1);
    await until('the first is taken', () => box.lines('taken').length === 1);
    const worker = Number(box.lines('starts')[0]?.split(' ')[0]);
    killProcess(worker, 'SIGSTOP');
    await save(box, 30);
    expect(box.spool()).toHaveLength(30);
    killProcess(worker, 'SIGKILL');
    await until('everything is taken', () => box.lines('taken').length === 31);
    expect(new Set(box.lines('taken')).size).toBe(31);
  });

  test('a worker that dies again and again in the middle of 200 changes loses none', async () => {
    const box = makeSandbox(shell);
    box.workerTakesSpool();
    box.env['PLEXSYNC_TEST_DIES_AFTER_FILES'] = '25';
    await save(box, 200);
    await until('everything is taken', () => box.lines('taken').length === 200);
    expect(new Set(box.lines('taken')).size).toBe(200);
    expect(box.lines('starts').length).toBeGreaterThanOrEqual(8);
  });
});

async function save(box: Sandbox, count: number): Promise<void> {
  await atOnce(count, 4, async (index) => {
    const ended = await box.hook(hookInput({ dir: box.config, id: index + 1 }));
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
  });
}
