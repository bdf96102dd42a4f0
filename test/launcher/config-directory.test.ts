import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { makeSandbox, run } from './support/sandbox.ts';
import { underEveryShell } from './support/shells.ts';

const silence = { code: 0, stdout: '', stderr: '', wroteAll: true };

underEveryShell((shell) => {
  test.each([
    ['with  two spaces'],
    ['with "quotes" in it'],
    ['"'],
    ['ends with a quote"'],
    ["with 'single' quotes"],
    ['Füße & 映画 <тест>'],
    ['back\\slash'],
    ['two\\\\ and at the end\\'],
    ['\\u0026 that is no escape'],
    ['\\"both\\"'],
    ['$HOME `id` $(id) ; & | *'],
    ['","PluginDir":"x'],
    ['-n'],
    ['%s %d'],
  ])("Stash's configuration directory may be called: %s", async (name) => {
    const box = makeSandbox(shell);
    const dir = join(box.config, name);
    mkdirSync(dir);
    expect(await box.hook(hookInput({ dir, id: 5 }))).toEqual(silence);
    expect(readdirSync(join(dir, 'plex-sync', 'spool'))).toEqual([
      expect.stringMatching(/^Scene\.Update\.Post-5-/),
    ]);
    expect(readdirSync(box.config)).toEqual([name]);
  });

  test.each([
    ['one that does not exist', (config: string) => `${config}/gone`],
    ['none', () => ''],
    ['a relative one', () => '.'],
    ['one with a line break in it', (config: string) => `${config}/a\nb`],
    ['a file', (config: string) => `${config}/../plugin/launch.sh`],
  ])('the folder data beside the script stands in for %s', async (_, dirIn) => {
    const box = makeSandbox(shell);
    mkdirSync(join(box.config, 'a\nb'));
    expect(await box.hook(hookInput({ dir: dirIn(box.config), id: 6 }))).toEqual(silence);
    const data = join(box.plugin, 'data');
    expect(readdirSync(join(data, 'spool'))).toEqual([
      expect.stringMatching(/^Scene\.Update\.Post-6-/),
    ]);
    expect(existsSync(join(data, 'supervisor'))).toBe(true);
    expect(existsSync(box.data)).toBe(false);
  });

  test("the plugin's own folder may have an odd name and be given relative to Stash's directory", async () => {
    const box = makeSandbox(shell);
    const odd = 'plug "in" & Füße';
    await box.sh(['-c', `mv "$1" "$2"`, 'sh', box.plugin, join(box.root, odd)]);
    const sh = join(box.root, 'bin', 'sh');
    const input = hookInput({ dir: '/nowhere' });
    expect(await run(sh, [`${odd}/launch.sh`, 'hook'], input, box.env, { cwd: box.root })).toEqual(
      silence,
    );
    expect(
      await run(sh, ['launch.sh', 'hook'], input, box.env, { cwd: join(box.root, odd) }),
    ).toEqual(silence);
    expect(readdirSync(join(box.root, odd, 'data', 'spool'))).toHaveLength(2);
  });
});
