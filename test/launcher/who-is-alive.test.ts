import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killProcess } from '../helpers/killProcess.ts';
import { hookInput } from './support/envelope.ts';
import { canUnshare } from './support/namespaces.ts';
import {
  claimOf,
  isAlive,
  makeSandbox,
  run,
  type Sandbox,
  until,
  writeDeadClaim,
} from './support/sandbox.ts';
import { skipLoudly, underEveryShell } from './support/shells.ts';

const silence = { code: 0, stdout: '', stderr: '', wroteAll: true };

underEveryShell((shell) => {
  test('a hook starts a worker; while its supervisor lives, further hooks start none', async () => {
    const box = makeSandbox(shell);
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    const supervisor = box.claimant() ?? 0;
    expect(readFileSync(join(box.data, 'supervisor'), 'utf8')).toBe(claimOf(supervisor));
    expect(box.lines('starts')[0]).toMatch(new RegExp(` ${supervisor}$`));
    for (let more = 0; more < 5; more += 1) await save(box);
    expect(box.claimant()).toBe(supervisor);
    expect(box.lines('starts')).toHaveLength(1);
    expect(box.spool()).toHaveLength(6);
  });

  describe('nobody is alive, and the next hook starts a worker, if the claim', () => {
    const mine = claimOf(process.pid);
    const [pid, start, boot] = mine.trim().split(' ');
    test.each([
      ['is empty', ''],
      ['is torn', mine.trim()],
      ['is torn in the middle of the pid', `${pid}`.slice(0, 2)],
      ['is a line of nothing', '\n'],
      [
        'names a pid that has another start time (its number was used again)',
        `${pid} ${start}1 ${boot}\n`,
      ],
      [
        'was made before the machine was started anew',
        `${pid} ${start} 00000000-0000-4000-8000-000000000000\n`,
      ],
      ['has no boot id', `${pid} ${start}\n`],
      ['has something after the boot id', `${pid} ${start} ${boot} x\n`],
      ['names no number', `x/../self ${start} ${boot}\n`],
      ['is only noise', 'é\u0001"$(touch x)`\n'],
    ])('%s', async (_, text) => {
      const box = makeSandbox(shell);
      mkdirSync(box.data);
      writeFileSync(join(box.data, 'supervisor'), text);
      await save(box);
      await until('a worker runs', () => box.lines('starts').length === 1);
      expect(isAlive(box.claimant() ?? 0)).toBe(true);
      expect(box.claimant()).not.toBe(process.pid);
    });

    test('names a process that is gone', async () => {
      const box = makeSandbox(shell);
      await writeDeadClaim(box);
      await save(box);
      await until('a worker runs', () => box.lines('starts').length === 1);
    });
  });

  test('a claim by a living process is respected, whatever that process is called', async () => {
    const box = makeSandbox(shell);
    mkdirSync(box.data);
    const odd = join(box.root, 'a) S 1 (b');
    writeFileSync(odd, '#!/bin/sh\necho ready; read -r _\n');
    chmodSync(odd, 0o755);
    const child = spawn(odd, { env: box.env });
    await once(child.stdout, 'data');
    expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8')).toContain('(a) S 1 (b)');
    writeFileSync(join(box.data, 'supervisor'), claimOf(child.pid ?? 0));
    await save(box);
    expect(box.claimant()).toBe(child.pid);
    child.stdin.end();
  });

  test('a second supervisor, started beside a living one, starts no worker and ends', async () => {
    const box = makeSandbox(shell);
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    const first = box.claimant();
    expect(await box.sh([join(box.plugin, 'supervise.sh'), box.data])).toMatchObject({ code: 0 });
    expect(box.claimant()).toBe(first);
    expect(box.lines('starts')).toHaveLength(1);
  });

  test('a supervisor whose starter was killed before it could hand the claim over makes it its own', async () => {
    const box = makeSandbox(shell);
    await writeDeadClaim(box);
    const gone = box.claimant();
    const supervisor = box.sh([join(box.plugin, 'supervise.sh'), box.data, String(gone)]);
    await until('a worker runs', () => box.lines('starts').length === 1);
    expect(box.lines('starts')[0]).toMatch(new RegExp(` ${box.claimant()}$`));
    killProcess(box.claimant(), 'SIGKILL');
    killProcess(Number(box.lines('starts')[0]?.split(' ')[0]), 'SIGKILL');
    await supervisor;
  });

  test('somebody who was killed while replacing a dead claim keeps nobody from replacing it', async () => {
    const box = makeSandbox(shell);
    await writeDeadClaim(box);
    writeFileSync(join(box.data, 'supervisor.bury'), readFileSync(join(box.data, 'supervisor')));
    writeFileSync(join(box.data, `supervisor.${box.claimant()}`), 'half a line');
    writeFileSync(
      join(box.data, `supervisor.${process.pid}`),
      'of somebody who is about to use it',
    );
    await save(box);
    await until('a worker runs', () => box.lines('starts').length === 1);
    const left = readdirSync(box.data).filter((file) => file.startsWith('supervisor.'));
    expect(left).toEqual([`supervisor.${process.pid}`]);
  });

  test('who wakes may know of it: exit 0 if somebody lives then, 1 if nothing can be written', async () => {
    const box = makeSandbox(shell);
    mkdirSync(join(box.data, 'spool'), { recursive: true });
    const wake = (data: string): ReturnType<Sandbox['sh']> =>
      box.sh([join(box.plugin, 'launch.sh'), 'wake', data]);
    expect(await wake(box.data)).toEqual(silence);
    expect(isAlive(box.claimant() ?? 0)).toBe(true);
    expect(await wake(box.data)).toEqual(silence);
    await until('a worker runs', () => box.lines('starts').length === 1);
    expect(await wake(join(box.config, 'missing'))).toEqual({ ...silence, code: 1 });
  });

  if (canUnshare('--mount')) {
    test('without /proc, as on macOS, ps tells who lives', async () => {
      const box = makeSandbox(shell);
      // A ps in the manner of macOS, for a system whose /proc is hidden.
      const ps = `#!/bin/sh\n[ "$1 $2 $3 $4 $5" = "-o stat= -o lstart= -p" ] || exit 2\nkill -0 "$6" 2>/dev/null && echo "Ss   Sat Nov 21 10:15:00 2026"\n`;
      writeFileSync(join(box.root, 'bin', 'ps'), ps);
      chmodSync(join(box.root, 'bin', 'ps'), 0o755);
      box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; exec sleep 100');
      const hidden = 'mount -t tmpfs tmpfs /proc && exec "$1" "$2/launch.sh" hook';
      const hook = (): Promise<unknown> => {
        const args = ['--mount', 'sh', '-c', hidden, 'sh', join(box.root, 'bin/sh'), box.plugin];
        return run('unshare', args, hookInput({ dir: box.config }), box.env);
      };
      expect(await hook()).toEqual(silence);
      await until('a worker runs', () => box.lines('starts').length === 1);
      expect(box.lines('supervisor')[0]).toMatch(/^\d+ Sat_Nov_21_10:15:00_2026 -$/);
      expect(await hook()).toEqual(silence);
      expect(box.spool()).toEqual([
        expect.stringMatching(/-\d+\.0-\d+-0$/),
        expect.stringMatching(/-\d+\.0-\d+-0$/),
      ]);
      expect(box.lines('starts')).toHaveLength(1);
    });
  } else {
    skipLoudly('without /proc, ps tells who lives', 'no mount namespaces here');
  }
});

async function save(box: Sandbox): Promise<void> {
  expect(await box.hook(hookInput({ dir: box.config }))).toEqual(silence);
}
