// docs/no-node.md names a test for each branch: there is such a test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, rowsOf, textOf } from './support.ts';

const rows = rowsOf(textOf('docs/no-node.md'), /^(?!branch$|-+$)/);

describe('the branches without a Node', () => {
  it.each(rows.map(([branch = '', , shown = '']) => [branch, shown]))('%s', (_, shown) => {
    const [, file = '', title = ''] = /^`([\w./-]+)`: (.+)$/.exec(shown) ?? [];
    const path = join(root, 'test', file.includes('/') ? file : `launcher/${file}`);
    expect(existsSync(path)).toBe(true);
    expect(title.length).toBeGreaterThan(10);
    expect(readFileSync(path, 'utf8')).toContain(`'${title}'`);
  });
});
