// Bundles the page inside Stash: one script that runs as Stash loads it, and its styles. Libraries
// that Stash hands to its plugins are not bundled: their imports become parts of its `PluginApi`.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

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
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    external: Object.keys(givenByStash),
    tsconfig: join(source, 'tsconfig.json'),
    transform: {
      jsx: { runtime: 'classic', pragma: 'plexsyncElement', pure: false },
      inject: { plexsyncElement: [join(source, 'api', 'element.ts'), 'element'] },
    },
  });
  await bundle.write({
    file: join(target, 'page.js'),
    format: 'iife',
    globals: givenByStash,
    minify: true,
  });
  await bundle.close();
  cpSync(join(source, 'page.css'), join(target, 'page.css'));
}
