// What Stash loads of the page: small, and without a library that Stash has already.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const plugin = join(import.meta.dirname, '..', '..', 'dist', 'plex-sync');
const script = join(plugin, 'page.js');

describe.skipIf(!existsSync(script))('the script of the page (skipped: not built)', () => {
  const code = existsSync(script) ? readFileSync(script, 'utf8') : '';

  it('is no larger than 150 KB', () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(150 * 1024);
  });

  it('takes React, its router, Bootstrap and icons from Stash, and is one function', () => {
    expect(code).not.toMatch(/__SECRET_INTERNALS|react-dom\.production|createBrowserHistory/);
    expect(code.match(/PluginApi\.(React|libraries\.\w+)/g)?.toSorted()).toEqual([
      'PluginApi.React',
      'PluginApi.libraries.Bootstrap',
      'PluginApi.libraries.FontAwesomeSolid',
      'PluginApi.libraries.ReactRouterDOM',
    ]);
    expect(code).toMatch(/^\(function\(\)\{[\s\S]*\}\)\(\);\s*$/);
  });

  it('has styles that concern nothing but the page', () => {
    const styles = readFileSync(join(plugin, 'page.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const selectors = [...styles.matchAll(/([^{}]+)\{/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((selector) => selector.trim())
      .filter((selector) => !selector.startsWith('@') && !/^(from|to|\d+%)$/.test(selector));
    expect(selectors.filter((selector) => !/^\.plexsync\b|^\.plexsync-/.test(selector))).toEqual(
      [],
    );
    // Of colours only Stash's variables and shades of what is behind.
    expect(styles.match(/#[0-9a-f]{3,8}\b/gi) ?? []).toEqual([]);
  });
});
