import { rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { hideMachinesNode, isAlive, makeSandbox, type Sandbox, until } from './support/sandbox.ts';
import { type Shell, underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test('without a Node the change is kept, and a mark and the log say why nothing happens', async () => {
    const box = withoutNode(shell);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
    expect(box.spool()).toHaveLength(1);
    expect(box.lines('no-runtime')).toEqual([expect.stringMatching(/^PlexSync needs Node 22\.16/)]);
    expect(box.lines('supervisor.log')[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z PlexSync needs Node/);
  });

  test('changes within the next minute look for none again', async () => {
    const box = withoutNode(shell);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
    const aheadMs = statSync(join(box.data, 'no-runtime')).mtimeMs - Date.now();
    expect(aheadMs).toBeGreaterThan(20_000);
    expect(aheadMs).toBeLessThanOrEqual(60_000);
    for (let more = 0; more < 5; more += 1) {
      await save(box);
      expect(box.claimant()).toBeUndefined();
    }
    expect(attempts(box)).toBe(1);
    expect(box.spool()).toHaveLength(6);
  });

  test('the first change after that minute looks again, once', async () => {
    const box = withoutNode(shell);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
    minutePasses(box);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 2 && box.claimant() === undefined);
    await save(box);
    expect(box.claimant()).toBeUndefined();
    expect(attempts(box)).toBe(2);
  });

  test('once there is a Node, the mark goes and the worker takes what was kept', async () => {
    const box = withoutNode(shell);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
    minutePasses(box);
    box.env['PLEXSYNC_NODE'] = join(box.root, 'node');
    box.workerTakesSpool();
    await save(box);
    await until('both are taken', () => box.lines('taken').length === 2);
    expect(box.lines('no-runtime')).toEqual([]);
  });

  test('who wakes a worker otherwise (a task, the page) does not wait for that minute', async () => {
    const box = withoutNode(shell);
    await save(box);
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
    box.env['PLEXSYNC_NODE'] = join(box.root, 'node');
    const launcher = join(box.plugin, 'launch.sh');
    expect(await box.sh([launcher, 'wake', box.data])).toMatchObject({ code: 0, stderr: '' });
    expect(isAlive(box.claimant() ?? 0)).toBe(true);
  });

  test('a Node that is taken away while its worker runs is noticed when that ends', async () => {
    const box = withoutNode(shell);
    box.env['PLEXSYNC_NODE'] = join(box.root, 'node');
    box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; exit 1');
    await save(box);
    await until('it ran', () => box.lines('starts').length > 0);
    rmSync(join(box.root, 'node'));
    await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
  });
});

function withoutNode(shell: Shell): Sandbox {
  const box = makeSandbox(shell);
  hideMachinesNode(box);
  delete box.env['PLEXSYNC_NODE'];
  return box;
}

async function save(box: Sandbox): Promise<void> {
  const ended = await box.hook(hookInput({ dir: box.config }));
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}

/** Each search for a Node that found none leaves a line. */
function attempts(box: Sandbox): number {
  return box.lines('supervisor.log').length;
}

function minutePasses(box: Sandbox): void {
  const past = new Date(Date.now() - 2000);
  utimesSync(join(box.data, 'no-runtime'), past, past);
}
