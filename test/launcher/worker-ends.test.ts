// What the supervisor does when its worker ends: the table of exit codes.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import {
  claimOf,
  isAlive,
  makeSandbox,
  recordSleeps,
  type Sandbox,
  until,
} from './support/sandbox.ts';
import { type Shell, underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  describe('code 0: the worker decided to leave', () => {
    test('nothing in the spool: the claim goes, and the supervisor ends', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; rm "$2"/spool/*; exit 0');
      await save(box);
      await until('the claim is gone', () => box.lines('starts').length === 1 && !hasClaim(box));
      await untilEnded(supervisorOf(box));
      expect(box.lines('starts')).toHaveLength(1);
      expect(box.lines('supervisor.log')).toEqual([]);
    });

    test('something in the spool: the worker is run again until it is taken', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; [ $(wc -l <"$2/starts") -lt 4 ] || rm "$2"/spool/*; exit 0',
      );
      await save(box);
      await until('the claim is gone', () => box.lines('starts').length === 4 && !hasClaim(box));
      await untilEnded(supervisorOf(box));
      expect(new Set(box.lines('starts').map((line) => line.split(' ')[1])).size).toBe(1);
    });

    test('a folder in the spool, as a NAS makes by itself: it is nothing to run a worker for', async () => {
      const box = makeSandbox(shell);
      mkdirSync(join(box.data, 'spool', '@eaDir'), { recursive: true });
      box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; rm -f "$2"/spool/Scene*; exit 0');
      await save(box);
      await until('the worker has run', () => box.lines('starts').length > 0);
      await untilEnded(supervisorOf(box));
      expect(box.lines('starts')).toHaveLength(1);
      expect(hasClaim(box)).toBe(false);
    });

    test('another has claimed by then: it goes on, and this one ends', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(
        `echo "$$ $PPID" >>"$2/starts"; echo '${claimOf(process.pid).trim()}' >"$2/supervisor"`,
      );
      await save(box);
      await until('the worker has run', () => box.lines('starts').length === 1);
      await untilEnded(supervisorOf(box));
      expect(box.claimant()).toBe(process.pid);
      expect(box.spool()).toHaveLength(1);
      expect(box.lines('starts')).toHaveLength(1);
    });

    test('a dead process has claimed by then: this one goes on', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; echo "1 1 -" >"$2/supervisor"; [ $(wc -l <"$2/starts") -lt 2 ] || exec sleep 100',
      );
      await save(box);
      await until('the worker runs again', () => box.lines('starts').length === 2);
    });
  });

  describe('code 75: another process holds the lock', () => {
    test('it names its own supervisor: this one ends, and leaves the claim alone', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(
        `echo "$$ $PPID" >>"$2/starts"; echo '${claimOf(process.pid).trim()}' >"$2/supervisor"; exit 75`,
      );
      await save(box);
      await until('the worker has run', () => box.lines('starts').length === 1);
      await untilEnded(supervisorOf(box));
      expect(box.claimant()).toBe(process.pid);
      expect(box.lines('starts')).toHaveLength(1);
    });

    test('nobody else is named: the claim is kept during the pauses, and tried again while the spool holds something', async () => {
      const box = makeSandbox(shell);
      recordSleeps(box, 'cat "$DATA/supervisor" >>"$DATA/claims-seen"');
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; [ $(wc -l <"$2/starts") -lt 3 ] || rm "$2"/spool/*; exit 75',
      );
      await save(box);
      await until('the claim is gone', () => box.lines('starts').length === 3 && !hasClaim(box));
      await untilEnded(supervisorOf(box));
      const seen = box.lines('claims-seen').slice(-2);
      expect(seen).toHaveLength(2);
      expect(new Set(seen.map((line) => Number(line.split(' ')[0])))).toEqual(
        new Set([supervisorOf(box)]),
      );
    });

    test('nothing in the spool: the worker looks once more with no claim, for what others left to this one', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; [ -e "$2/supervisor" ] && echo claimed >>"$2/seen" || echo free >>"$2/seen"; rm "$2"/spool/*; exit 75',
      );
      await save(box);
      await until('it has looked twice', () => box.lines('seen').length === 2);
      await untilEnded(supervisorOf(box));
      expect(box.lines('seen')).toEqual(['claimed', 'free']);
      expect(hasClaim(box)).toBe(false);
    });
  });

  describe('code 76: a new version of the plugin is there', () => {
    const onceThenStay =
      'echo "$$ $PPID" >>"$2/starts"; [ $(wc -l <"$2/starts") -gt 1 ] || exit 76; exec sleep 100';

    test('it is complete: a new supervisor from the new script runs the new worker', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell(onceThenStay);
      await save(box);
      await until('the new worker runs', () => box.lines('starts').length === 2);
      const [old, now] = box.lines('starts').map((line) => Number(line.split(' ')[1]));
      expect(now).not.toBe(old);
      expect(box.claimant()).toBe(now);
      await untilEnded(old ?? 0);
    });

    test('it arrives a little later, and in pieces: the supervisor waits, and hooks start nobody', async () => {
      const box = makeSandbox(shell);
      box.env['PLEXSYNC_PAUSE_MS'] = '200';
      const script = join(box.plugin, 'launch.sh');
      const text = readFileSync(script, 'utf8');
      renameSync(script, `${script}.new`);
      box.workerIsShell(onceThenStay);
      await save(box, `${script}.new`);
      await until('the worker has run', () => box.lines('starts').length === 1);
      const old = supervisorOf(box);
      writeFileSync(script, text.slice(0, 2000));
      await save(box, `${script}.new`);
      await save(box, `${script}.new`);
      expect(box.claimant()).toBe(old);
      appendFileSync(script, text.slice(2000));
      await until('the new worker runs', () => box.lines('starts').length === 2);
      expect(box.claimant()).not.toBe(old);
      expect(box.spool()).toHaveLength(3);
    });

    test('the script that keeps events is complete, the supervisor’s not yet: it waits', async () => {
      const box = makeSandbox(shell);
      recordSleeps(box);
      box.env['PLEXSYNC_PAUSE_MS'] = '1000';
      const script = join(box.plugin, 'supervise.sh');
      const text = readFileSync(script, 'utf8');
      box.workerIsShell(
        `[ -e "$2/starts" ] || echo 'main() {' >"$(dirname "$2")"/../plugin/supervise.sh; ${onceThenStay}`,
      );
      await save(box);
      await until('the worker has run', () => box.lines('starts').length === 1);
      const old = supervisorOf(box);
      await until('it has looked some times', () => box.lines('sleeps').length >= 5);
      await save(box);
      expect(box.claimant()).toBe(old);
      expect(box.lines('starts')).toHaveLength(1);
      writeFileSync(script, text);
      await until('the new worker runs', () => box.lines('starts').length === 2);
      expect(box.claimant()).not.toBe(old);
    });

    test.each([
      ['what was noted beside it goes with its folder', '', false],
      ['an event that lies beside it stays', 'echo x >data/spool/kept;', true],
    ])('it was removed: the supervisor ends, and %s', async (_, also, stays) => {
      const box = makeSandbox(shell);
      recordSleeps(box);
      box.workerIsShell(
        `echo "$$ $PPID" >>"$2/starts"; cd "$(dirname "$2")/../plugin"; rm *.* sh; mkdir data/spool; ${also} exit 76`,
      );
      await save(box);
      await until('the log says so', () => box.lines('supervisor.log').length === 1);
      await untilEnded(supervisorOf(box));
      expect(hasClaim(box)).toBe(false);
      expect(box.lines('supervisor.log')[0]).toMatch(/Z the plugin was removed$/);
      expect(existsSync(box.plugin)).toBe(stays);
      expect(existsSync(join(box.plugin, 'data', 'node-found'))).toBe(false);
    });

    test('it never is complete: the claim goes, the supervisor ends, and the log has a line', async () => {
      const box = makeSandbox(shell);
      recordSleeps(box);
      box.env['PLEXSYNC_PAUSE_MS'] = '1000';
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; echo "main() {" >"$(dirname "$2")"/../plugin/launch.sh; exit 76',
      );
      await save(box);
      await until(
        'the claim is gone',
        () => box.lines('supervisor.log').length === 1 && !hasClaim(box),
      );
      await untilEnded(supervisorOf(box));
      expect(pauses(box)).toEqual(Array.from({ length: 60 }, () => '1.000'));
      expect(box.lines('supervisor.log')[0]).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:]+Z .*new version did not arrive/,
      );
    });
  });

  describe('any other code: it crashed', () => {
    test('20 times in a row, at once: the pauses grow to a minute, then the log has a line and nobody is left', async () => {
      const box = crashing(shell, 'exit 70');
      await save(box);
      await until('it gave up', () => box.lines('supervisor.log').length === 1 && !hasClaim(box));
      await untilEnded(supervisorOf(box));
      expect(box.lines('starts')).toHaveLength(20);
      const growing = ['1.000', '2.000', '4.000', '8.000', '16.000', '32.000'];
      expect(pauses(box)).toEqual([...growing, ...Array.from({ length: 13 }, () => '60.000')]);
      expect(box.lines('supervisor.log')[0]).toMatch(/20 times in a row .* code 70/);
      expect(box.spool()).toHaveLength(1);
    });

    test('and the next change tries again', async () => {
      const box = crashing(shell, 'kill -9 $$');
      await save(box);
      await until('it gave up', () => box.lines('supervisor.log').length === 1 && !hasClaim(box));
      box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; exec sleep 100');
      await save(box);
      await until('the worker runs', () => box.lines('starts').length === 21);
      expect(box.spool()).toHaveLength(2);
    });

    test('a row finished in between: the pauses and the count begin anew', async () => {
      const box = crashing(shell, '[ $(wc -l <"$2/starts") -ne 5 ] || : >"$2/progress"; exit 1');
      await save(box);
      await until('it gave up', () => box.lines('supervisor.log').length === 1 && !hasClaim(box));
      expect(box.lines('starts')).toHaveLength(25);
      expect(pauses(box).slice(0, 8)).toEqual(
        ['1', '2', '4', '8', '1', '2', '4', '8'].map((seconds) => `${seconds}.000`),
      );
    });

    test('one that lived more than a moment is not counted', async () => {
      const box = makeSandbox(shell);
      box.env['PLEXSYNC_PAUSE_MS'] = '1';
      box.workerIsShell(
        'echo "$$ $PPID" >>"$2/starts"; [ $(wc -l <"$2/starts") -lt 30 ] || exec sleep 100; sleep 0.03; exit 1',
      );
      await save(box);
      await until('the worker runs for the 30th time', () => box.lines('starts').length === 30);
      expect(isAlive(supervisorOf(box))).toBe(true);
      expect(box.lines('supervisor.log')).toEqual([]);
    });

    test('the log stays small', async () => {
      const box = crashing(shell, 'exit 1');
      mkdirSync(box.data);
      writeFileSync(join(box.data, 'supervisor.log'), 'x'.repeat(70_000));
      await save(box);
      await until(
        'it gave up',
        () => existsSync(join(box.data, 'supervisor.log.1')) && !hasClaim(box),
      );
      expect(box.lines('supervisor.log')).toHaveLength(1);
    });
  });
});

async function save(box: Sandbox, script = join(box.plugin, 'launch.sh')): Promise<void> {
  const ended = await box.sh([script, 'hook'], hookInput({ dir: box.config }));
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}

/** A worker that ends at once, under a supervisor whose pauses take no time. */
function crashing(shell: Shell, end: string): Sandbox {
  const box = makeSandbox(shell);
  recordSleeps(box);
  box.env['PLEXSYNC_PAUSE_MS'] = '1000';
  box.workerIsShell(`echo "$$ $PPID" >>"$2/starts"; ${end}`);
  return box;
}

/** The pauses between workers, in seconds. (The supervisor's first waiting, for its claim, is of 10 ms.) */
function pauses(box: Sandbox): string[] {
  return box.lines('sleeps').filter((seconds) => seconds !== '0.010');
}

function supervisorOf(box: Sandbox): number {
  return Number(box.lines('starts')[0]?.split(' ')[1]);
}

function hasClaim(box: Sandbox): boolean {
  return existsSync(join(box.data, 'supervisor'));
}

async function untilEnded(pid: number): Promise<void> {
  await until(`process ${pid} has ended`, () => !isAlive(pid));
}
