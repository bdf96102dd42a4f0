import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pluginSource } from './support/sandbox.ts';
import { installed, underEveryShell } from './support/shells.ts';

const scripts = readdirSync(pluginSource).filter((file) => /\.sh$|^sh$/.test(file));
const pathOf = (script: string): string => join(pluginSource, script);

test('the scripts are all there', () => {
  expect(scripts.sort()).toEqual([
    'claim.sh',
    'fetch.sh',
    'launch.sh',
    'no-node.sh',
    'runtime.sh',
    'sh',
    'supervise.sh',
  ]);
});

describe.each(scripts)('%s', (script) => {
  const bytes = readFileSync(pathOf(script));

  test('has LF at its line ends, ASCII but for dashes and the like in comments, and a newline at its end', () => {
    expect(bytes.includes('\r')).toBe(false);
    expect(bytes.includes('\t')).toBe(false);
    expect(bytes.subarray(0, 3).toString('latin1')).not.toBe('\u00ef\u00bb\u00bf');
    expect(bytes.at(-1)).toBe(0x0a);
    const code = bytes
      .toString('utf8')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*$/, ''));
    for (const line of code) expect(line).toMatch(/^[ -~]*$/);
  });

  test('passes shellcheck as POSIX sh', ({ skip }) => {
    const shellcheck = installed('shellcheck');
    if (shellcheck === undefined) {
      console.warn('NOT SHOWN: shellcheck (not installed)');
      return skip('shellcheck is not installed');
    }
    const { status, stdout } = spawnSync(shellcheck, ['-s', 'sh', pathOf(script)], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

test.each(['launch.sh', 'supervise.sh'])(
  '%s is read to its end before it runs, and ends the shell in the line that runs it',
  (script) => {
    const lines = readFileSync(pathOf(script), 'utf8').trimEnd().split('\n');
    expect(lines.at(-1)).toBe('main "$@"; exit');
    let inFunction = false;
    for (const line of lines.slice(0, -1)) {
      if (/^[a-z_]+\(\) \{$/.test(line)) inFunction = true;
      else if (line === '}') inFunction = false;
      else if (!inFunction) expect(line).toMatch(/^(#.*)?$/);
    }
  },
);

test('the run bits that Stash needs are set', () => {
  for (const script of ['sh', 'launch.sh']) {
    expect(statSync(pathOf(script)).mode & 0o111).toBe(0o111);
  }
});

test('a checkout on Windows keeps the line ends', () => {
  const attributes = readFileSync(join(pluginSource, '..', '.gitattributes'), 'utf8');
  expect(attributes).toMatch(/^\* text=auto eol=lf$/m);
});

underEveryShell((shell) => {
  test.each(scripts)('%s is understood', (script) => {
    const args = shell.name === 'busybox' ? ['sh', '-n', pathOf(script)] : ['-n', pathOf(script)];
    const { status, stderr } = spawnSync(shell.path, args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
