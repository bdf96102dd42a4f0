import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookInput } from './support/envelope.ts';
import { makeSandbox } from './support/sandbox.ts';
import { underEveryShell } from './support/shells.ts';

underEveryShell((shell) => {
  test.each([
    ['a little under the first look', 8_000],
    ['a little over it', 8_400],
    ['under what is kept', 32_000],
    ['over what is kept', 40_000],
    ['a cover of 20 MB', 20_000_000],
  ])('Stash can write all of %s, and at most 32 KB of it are kept', async (_, bytes) => {
    const box = makeSandbox(shell);
    const cover = `data:image/jpeg;base64,${'A'.repeat(bytes)}`;
    const input = hookInput({ dir: box.config, id: 12, input: { cover_image: cover } });
    expect(await box.hook(input)).toEqual({ code: 0, stdout: '', stderr: '', wroteAll: true });
    const [name = ''] = box.spool();
    expect(name).toMatch(/^Scene\.Update\.Post-12-/);
    const file = join(box.data, 'spool', name);
    expect(statSync(file).size).toBe(Math.min(input.length, 32_768) + 1);
    expect(readFileSync(file, 'utf8')).toBe(`${input.slice(0, 32_768)}\n`);
  });

  test('text in characters of several bytes is cut at 32 KB too, in whatever locale Stash runs', async () => {
    const box = makeSandbox(shell);
    box.env['LC_ALL'] = 'C.UTF-8';
    const input = hookInput({
      dir: box.config,
      id: 12,
      input: { details: '映画🎬'.repeat(50_000) },
    });
    expect(await box.hook(input)).toMatchObject({ code: 0, stderr: '', wroteAll: true });
    const kept = readFileSync(join(box.data, 'spool', box.spool()[0] ?? ''));
    expect(kept).toEqual(
      Buffer.concat([Buffer.from(input).subarray(0, 32_768), Buffer.from('\n')]),
    );
  });
});
