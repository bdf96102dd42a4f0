// Everything that hooks keep has a bound where nobody takes it in: there is no Node, or the worker cannot work. And
// the bound must not keep hooks from waking somebody once that is over.
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSpoolEvent } from '../../src/capture/event.ts';
import { hookInput } from './support/envelope.ts';
import {
  hideMachinesNode,
  isAlive,
  makeSandbox,
  recordSleeps,
  type Sandbox,
  until,
} from './support/sandbox.ts';
import { type Shell, underEveryShell } from './support/shells.ts';
import { fakePython, withoutNode } from './support/wheel.ts';

const day = 86_400;

underEveryShell((shell) => {
  describe('the spool was filled while there was no Node', () => {
    test('a Node is there now: the next change wakes the worker, though it is not kept itself', async () => {
      const box = full(shell);
      box.workerIsShell('echo "$$ $PPID" >>"$2/starts"; exec sleep 100');
      await save(box);
      await until('a worker runs', () => box.lines('starts').length === 1);
      expect(box.spool()).toEqual([]);
      expect(box.lines('missed-since')).toHaveLength(1);
      expect(existsSync(join(box.data, 'no-runtime'))).toBe(false);
      // Somebody takes in again, so it is kept again.
      await save(box);
      expect(box.spool()).toHaveLength(1);
    });

    test('there is none yet: one change a minute looks for it', async () => {
      const box = full(shell);
      hideMachinesNode(box);
      delete box.env['PLEXSYNC_NODE'];
      for (let more = 0; more < 4; more += 1) {
        await save(box);
        await until('nobody supervises', () => attempts(box) > 0 && box.claimant() === undefined);
      }
      expect(attempts(box)).toBe(1);
      minutePasses(box);
      await save(box);
      await until('nobody supervises', () => attempts(box) > 1 && box.claimant() === undefined);
      expect(attempts(box)).toBe(2);
      expect(box.spool()).toEqual([]);
    });
  });

  describe('the clock was years ahead, and was put right', () => {
    test('when no Node was found: the next change looks for one, and then a minute is a minute again', async () => {
      const box = makeSandbox(shell);
      hideMachinesNode(box);
      delete box.env['PLEXSYNC_NODE'];
      await save(box);
      await until('nobody supervises', () => attempts(box) === 1 && box.claimant() === undefined);
      // Everything that was written then.
      setAhead(box, 'supervisor.log', 2000 * day);
      setAhead(box, 'no-runtime', 2000 * day + 60);
      await save(box);
      await until('nobody supervises', () => attempts(box) === 2 && box.claimant() === undefined);
      for (let more = 0; more < 3; more += 1) await save(box);
      expect(box.claimant()).toBeUndefined();
      expect(attempts(box)).toBe(2);
      expect(box.spool()).toHaveLength(5);
    });

    test('when a fetch failed: it is tried at once', async () => {
      const box = makeSandbox(shell);
      withoutNode(box);
      box.workerTakesSpool();
      fakePython(box, 'install');
      mkdirSync(box.data);
      const then = Math.floor(Date.now() / 1000) + 2000 * day;
      writeFileSync(join(box.data, 'fetch-failed'), `${then}\n1\nthere was no network\n`);
      await save(box);
      await until('the event is taken', () => box.lines('taken').length === 1);
    });
  });

  describe('the worker cannot work', () => {
    test('a mark says so while it is tried again, and why', async () => {
      const box = crashing(shell, 'exit 70');
      await save(box);
      await until('it gave up', () => attempts(box) === 1 && box.claimant() === undefined);
      expect(box.lines('no-worker')).toEqual([expect.stringMatching(/^the worker .* code 70/)]);
    });

    test('so many changes are kept, then only since when they are missing; and each is kept small', async () => {
      const box = crashing(shell, 'exit 70');
      shorten(box, '-ge 10000 ]', '-ge 20 ]');
      await save(box);
      await until('it gave up', () => attempts(box) === 1 && box.claimant() === undefined);
      const before = box.spool();
      for (let more = 0; more < 300 && box.lines('missed-since').length === 0; more += 1) {
        await save(box);
      }
      const kept = box.spool();
      expect(kept.length).toBeGreaterThanOrEqual(19);
      expect(kept.length).toBeLessThan(120);
      for (let more = 0; more < 3; more += 1) await save(box);
      expect(box.spool()).toHaveLength(kept.length);
      const [name = ''] = kept.filter((file) => !before.includes(file));
      const text = readFileSync(join(box.data, 'spool', name), 'utf8');
      expect(text.length).toBeLessThan(1000);
      const event = parseSpoolEvent(name, text);
      expect(event).toMatchObject({ type: 'Scene.Update.Post', ids: [7], complete: true });
      expect(event.connection).toMatchObject({ dir: box.config, port: 9999 });

      // It can work again: whoever comes next sees to it, kept or not.
      await until('nobody is at it', () => !hasClaim(box));
      box.workerTakesSpool();
      await save(box);
      await until('what was kept is taken', () => box.spool().length === 0);
      await until('the mark is gone', () => !existsSync(join(box.data, 'no-worker')));
      const taken = box.lines('taken').length;
      await save(box);
      await until('the next one is taken', () => box.lines('taken').length > taken);
    });

    test('a worker that left by itself, or got something done, leaves no mark', async () => {
      const box = crashing(
        shell,
        '[ $(wc -l <"$2/starts") -gt 1 ] && rm "$2"/spool/* && exit 0; : >"$2/progress"; exit 1',
      );
      await save(box);
      await until('nobody supervises', () => box.lines('starts').length === 2 && !hasClaim(box));
      expect(existsSync(join(box.data, 'no-worker'))).toBe(false);
    });
  });
});

/** A spool that was full a while ago, for want of a Node; there is one now. */
function full(shell: Shell): Sandbox {
  const box = makeSandbox(shell);
  mkdirSync(join(box.data, 'spool'), { recursive: true });
  for (const mark of ['no-runtime', 'missed-since']) {
    writeFileSync(join(box.data, mark), 'long ago\n');
    setAhead(box, mark, -day);
  }
  return box;
}

/** A worker that ends at once, under a supervisor whose pauses take no time. */
function crashing(shell: Shell, end: string): Sandbox {
  const box = makeSandbox(shell);
  recordSleeps(box);
  box.env['PLEXSYNC_PAUSE_MS'] = '1000';
  box.workerIsShell(`echo "$$ $PPID" >>"$2/starts"; ${end}`);
  return box;
}

async function save(box: Sandbox): Promise<void> {
  const input = { id: '7', details: 'x'.repeat(20_000) };
  const ended = await box.hook(hookInput({ dir: box.config, id: 7, input }));
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
}

function attempts(box: Sandbox): number {
  return box.lines('supervisor.log').length;
}

function minutePasses(box: Sandbox): void {
  setAhead(box, 'no-runtime', -2);
}

function setAhead(box: Sandbox, file: string, seconds: number): void {
  const time = Date.now() / 1000 + seconds;
  utimesSync(join(box.data, file), time, time);
}

function hasClaim(box: Sandbox): boolean {
  return isAlive(box.claimant() ?? 0);
}

function shorten(box: Sandbox, limit: string, shorter: string): void {
  const path = join(box.plugin, 'launch.sh');
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(limit);
  writeFileSync(path, text.replace(limit, shorter));
}
