import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goJson, hookInput, realSamples } from './support/envelope.ts';
import { canUnshare } from './support/namespaces.ts';
import { loggedError, makeSandbox, run, startTime } from './support/sandbox.ts';
import { skipLoudly, underEveryShell } from './support/shells.ts';

const silence = { code: 0, stdout: '', stderr: '', wroteAll: true };

underEveryShell((shell) => {
  test('a hook keeps the event as one file, says nothing and succeeds', async () => {
    const box = makeSandbox(shell);
    const input = hookInput({
      dir: box.config,
      id: 45,
      type: 'Scene.Update.Post',
      input: { id: '45' },
    });
    expect(await box.hook(input)).toEqual(silence);
    const [name = '', ...others] = box.spool();
    expect(others).toEqual([]);
    expect(name).toMatch(/^Scene\.Update\.Post-45-\d+\.\d+-\d+-0$/);
    expect(readFileSync(join(box.data, 'spool', name), 'utf8')).toBe(`${input}\n`);
  });

  test("the file's name tells which life of Stash it came from", async () => {
    const box = makeSandbox(shell);
    await box.hook(hookInput({ dir: box.config }));
    expect(box.spool()[0]).toContain(`-${process.pid}.${startTime(process.pid)}-`);
  });

  test('nobody else can read it, since it holds the session cookie', async () => {
    const box = makeSandbox(shell);
    await box.hook(hookInput({ dir: box.config }));
    const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(modeOf(box.data)).toBe('700');
    expect(modeOf(join(box.data, 'spool'))).toBe('700');
    expect(modeOf(join(box.data, 'spool', box.spool()[0] ?? ''))).toBe('600');
  });

  test('backslashes, percent signs and non-ASCII text are kept byte for byte', async () => {
    const box = makeSandbox(shell);
    const title = 'a\nb\\n %s %d \\c $HOME `id` "q" & <i> Füße 映画 🎬 \u2028';
    const input = hookInput({ dir: box.config, input: { title } });
    await box.hook(input);
    expect(readFileSync(join(box.data, 'spool', box.spool()[0] ?? ''), 'utf8')).toBe(`${input}\n`);
  });

  test('a session that could not be encoded, so that there is no cookie, does no harm', async () => {
    const box = makeSandbox(shell);
    expect(await box.hook(hookInput({ dir: box.config, id: 7, cookie: null }))).toEqual(silence);
    expect(box.spool()[0]).toMatch(/^Scene\.Update\.Post-7-/);
  });

  test.each([
    { what: 'no id, as for what has none', event: { id: 0 }, name: /^Scene\.Update\.Post-0-/ },
    { what: 'a type that climbs', event: { type: '../../etc/x' }, name: /^unknown-1-/ },
    { what: 'a type that would be hidden', event: { type: '.hidden' }, name: /^unknown-1-/ },
    { what: 'a type with a space', event: { type: 'Scene Update' }, name: /^unknown-1-/ },
    { what: 'a type with quotes', event: { type: 'a","id":9,"b":"' }, name: /^unknown-1-/ },
    { what: 'a type with a command', event: { type: '$(touch x)' }, name: /^unknown-1-/ },
    { what: 'a type with a star', event: { type: '*' }, name: /^unknown-1-/ },
    { what: 'no type', event: { type: '' }, name: /^unknown-1-/ },
    {
      what: 'a type of a thousand letters',
      event: { type: 'A'.repeat(1000) },
      name: /^unknown-1-/,
    },
    { what: 'a negative id', event: { id: -5 }, name: /^Scene\.Update\.Post-0-/ },
    { what: 'an id of 15 digits', event: { id: 123_456_789_012_345 }, name: /-123456789012345-/ },
    { what: 'an id of 16 digits', event: { id: 1_234_567_890_123_456 }, name: /Post-0-/ },
    {
      what: 'other ids and types inside the input',
      event: { input: { id: '99', type: 'x', hookContext: { id: 98, type: 'y' } } },
      name: /^Scene\.Update\.Post-1-/,
    },
    {
      what: 'a cookie that imitates the envelope',
      event: { cookie: '","Dir":"/tmp/x","hookContext":{"id":66,"type":"Evil"' },
      name: /^Scene\.Update\.Post-1-/,
    },
  ])('what becomes the name is checked: $what', async ({ event, name }) => {
    const box = makeSandbox(shell);
    expect(await box.hook(hookInput({ dir: box.config, ...event }))).toEqual(silence);
    expect(box.spool()).toEqual([expect.stringMatching(name)]);
  });

  test.each([
    ['{'],
    ['null'],
    ['not JSON at all " " " " '],
    ['{"Dir":"/nowhere'],
    ['{"Dir":"a\\\\\\'],
    ['{"Dir":'],
    ['"Dir":"'],
    ['{"hookContext":{"id":'],
    ['{"hookContext":{"type":'],
    ['"id":"type":"Dir":"hookContext":"'],
  ])('text that Stash would never write is kept all the same: %s', async (input) => {
    const box = makeSandbox(shell);
    expect(await box.hook(input)).toEqual(silence);
    const spool = join(box.plugin, 'data', 'spool');
    const [name = ''] = (await box.sh(['-c', `ls '${spool}'`])).stdout.split('\n');
    expect(name).toMatch(/^unknown-0-/);
    expect(readFileSync(join(spool, name), 'utf8')).toBe(`${input}\n`);
  });

  test('an empty standard input is no event: one line in the log, and failure', async () => {
    const box = makeSandbox(shell);
    const { code, stderr } = await box.hook('');
    expect(code).toBe(1);
    expect(loggedError(stderr)).toMatch(/could not keep a change .*standard input/);
  });

  // In a process namespace of its own every run has the same pid and no parent in sight.
  if (canUnshare('--pid', '--fork')) {
    test('a file of the same name, left by an earlier process of this pid, is never overwritten', async () => {
      const box = makeSandbox(shell);
      box.workerIsShell('exit 0');
      for (const id of [1, 2]) {
        const args = [
          '--pid',
          '--fork',
          join(box.root, 'bin/sh'),
          join(box.plugin, 'launch.sh'),
          'hook',
        ];
        const input = hookInput({ dir: box.config, id: 3, input: { title: `run ${id}` } });
        expect(await run('unshare', args, input, box.env)).toEqual(silence);
      }
      const names = box.spool().sort();
      expect(names).toEqual(['Scene.Update.Post-3-0.0-1-0', 'Scene.Update.Post-3-0.0-1-1']);
      const texts = names.map((name) => readFileSync(join(box.data, 'spool', name), 'utf8'));
      expect(texts).toEqual([expect.stringContaining('run 1'), expect.stringContaining('run 2')]);
    });
  } else {
    skipLoudly('a file of the same name is never overwritten', 'no process namespaces here');
  }
});

const samples = realSamples();
if (samples === undefined) {
  skipLoudly('what a real Stash wrote', 'the shared data is not here');
} else {
  describe('what a real Stash wrote', () => {
    underEveryShell((shell) => {
      test.each(samples.map((sample) => [nameFor(sample), sample] as const))(
        'is kept as %s',
        async (name, sample) => {
          const box = makeSandbox(shell);
          const input = goJson(sample).replace('"/config"', goJson(box.config));
          expect(await box.hook(input)).toEqual(silence);
          expect(box.spool()).toEqual([expect.stringMatching(`^${name}-\\d+\\.\\d+-\\d+-0$`)]);
          expect(readFileSync(join(box.data, 'spool', box.spool()[0] ?? ''), 'utf8')).toBe(
            `${input}\n`,
          );
        },
      );
    });
  });
}

/** The beginning of the name that the event in a sample must get. */
function nameFor(sample: unknown): string {
  const text = JSON.stringify(sample);
  const context = /"hookContext":\{"id":(\d+),"type":"([^"]+)"/.exec(text);
  return context === null ? 'unknown-0' : `${context[2]}-${context[1]}`;
}
