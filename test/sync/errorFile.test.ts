// The worker's error stream is a file that must not grow for as long as it lives.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const module = join(import.meta.dirname, '..', '..', 'src', 'sync', 'process', 'errorFile.ts');

it.each([
  ['small', 100, `${'x'.repeat(100)}more\n`],
  ['too large', 70_000, 'more\n'],
])('what was written to it is %s', (_, bytes, left) => {
  const folder = mkdtempSync(join(tmpdir(), 'plexsync-errors-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'worker.err');
  writeFileSync(file, 'x'.repeat(bytes));
  const stream = openSync(file, 'a');
  const program = `import { cutErrors } from '${module}'; cutErrors(); process.stderr.write('more\\n');`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', stream],
  });
  closeSync(stream);
  expect(status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(left);
});

it('that is no file is left alone, and nothing waits for the next look', () => {
  const program = `import { cutErrors, keepErrorsSmall } from '${module}'; keepErrorsSmall(1); cutErrors();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
