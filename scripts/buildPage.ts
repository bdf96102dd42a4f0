// Bundles the page inside Stash: one script that runs as Stash loads it, and its styles. Libraries
// that Stash hands to its plugins are not bundled: their imports become parts of its `PluginApi`.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown, type RolldownPlugin } from 'rolldown';
import { answerShapes } from './answerShapes.ts';

/** stashapp/stash ui/v2.5/src/pluginApi.tsx */
const givenByStash: Readonly<Record<string, string>> = {
  react: 'PluginApi.React',
  'react-dom': 'PluginApi.ReactDOM',
  'react-router-dom': 'PluginApi.libraries.ReactRouterDOM',
  'react-bootstrap': 'PluginApi.libraries.Bootstrap',
  '@fortawesome/free-solid-svg-icons': 'PluginApi.libraries.FontAwesomeSolid',
};

/** @param target folder for `page.js` and `page.css` */
export async function buildPage(root: string, target: string): Promise<void> {
  const source = join(root, 'src', 'page');
  const elements = join(source, 'element.ts');
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    plugins: [givenLibraries(source)],
    treeshake: { propertyReadSideEffects: false },
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
    minify: true,
    comments: false,
  });
  await bundle.close();
  const styles = readFileSync(join(source, 'page.css'), 'utf8');
  // A browser takes all that follows a rule without an end for a part of it, and says nothing.
  if (styles.split('{').length !== styles.split('}').length) {
    throw new Error('page.css: a rule has no end');
  }
  writeFileSync(join(target, 'page.css'), styles);
}

/**
 * Each name that is imported of a library becomes a variable of the script, which is shorter wherever
 * it is used than a part of an object.
 */
function givenLibraries(source: string): RolldownPlugin {
  const prefix = '\0given:';
  return {
    name: 'given-by-stash',
    resolveId: (id) => (Object.hasOwn(givenByStash, id) ? prefix + id : null),
    load: (id) => {
      if (!id.startsWith(prefix)) return null;
      const library = id.slice(prefix.length);
      const names = namesImported(source, library).join(', ');
      const whole = givenByStash[library] ?? '';
      return {
        code: `const whole = ${whole};\nexport default whole;\nexport const { ${names} } = whole;`,
      };
    },
  };
}

/** Values only: a type is written `type Name` in an import. */
function namesImported(source: string, library: string): readonly string[] {
  const names = new Set<string>();
  const pattern = new RegExp(
    `^(?:import|export) (?!type )[^;]*?\\{([^}]*)\\} from '${library}';`,
    'gm',
  );
  for (const file of globSync('**/*.{ts,tsx}', { cwd: source })) {
    for (const [, list = ''] of readFileSync(join(source, file), 'utf8').matchAll(pattern)) {
      for (const entry of list.split(',')) {
        const [name = ''] = entry.trim().split(' as ');
        if (name !== '' && !name.startsWith('type ')) names.add(name);
      }
    }
  }
  return [...names].toSorted();
}
