// Bundles the page inside Stash: one script that runs as Stash loads it, and its styles. Libraries
// that Stash hands to its plugins are not bundled: their imports become parts of its `PluginApi`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { answerShapes } from './answerShapes.ts';

/** stashapp/stash ui/v2.5/src/pluginApi.tsx */
const givenByStash: Readonly<Record<string, string>> = {
  react: 'PluginApi.React',
  'react-dom': 'PluginApi.ReactDOM',
  'react-router-dom': 'PluginApi.libraries.ReactRouterDOM',
  'react-bootstrap': 'PluginApi.libraries.Bootstrap',
  '@fortawesome/free-solid-svg-icons': 'PluginApi.libraries.FontAwesomeSolid',
};

/** Calls that only make a schema: those of arguments, which nobody asks the page for, are left out. */
const makersOfSchemas = ['id', 'place', 'some', 'texts', 'oneOf', 'selecting', 'v'] as const;

/** @param target folder for `page.js` and `page.css` */
export async function buildPage(root: string, target: string): Promise<void> {
  const source = join(root, 'src', 'page');
  const elements = join(source, 'element.ts');
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    external: Object.keys(givenByStash),
    treeshake: { manualPureFunctions: [...makersOfSchemas] },
    tsconfig: join(source, 'tsconfig.json'),
    transform: {
      define: { PLEXSYNC_SHAPES: JSON.stringify(answerShapes()) },
      jsx: { runtime: 'classic', pragma: 'element', pragmaFrag: 'Fragment', pure: false },
      inject: { element: [elements, 'element'], Fragment: [elements, 'Fragment'] },
    },
  });
  await bundle.write({
    file: join(target, 'page.js'),
    format: 'iife',
    globals: givenByStash,
    minify: true,
  });
  await bundle.close();
  const styles = readFileSync(join(source, 'page.css'), 'utf8');
  // A browser takes all that follows a rule without an end for a part of it, and says nothing.
  if (styles.split('{').length !== styles.split('}').length) {
    throw new Error('page.css: a rule has no end');
  }
  writeFileSync(join(target, 'page.css'), styles);
}
