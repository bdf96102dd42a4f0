// Addresses within Stash. It may be served below a folder of a reverse proxy: then `<base href>`
// names that folder (stashapp/stash ui/v2.5/src/core/createClient.ts).

export const pluginId = 'plex-sync';
/** Below `/plugins/`: Stash's server takes `/plugin/` for files, so a reload would find nothing. */
export const pagePath = '/plugins/plex-sync';

/** @param path of a tab: '' is the overview */
export const tabPath = (path: string): string => (path === '' ? pagePath : `${pagePath}/${path}`);

/** @param path without a slash before it, e.g. `graphql` */
export function stashUrl(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** For a link of the router, which knows the folder by itself. */
export const scenePath = (scene: number): string => `/scenes/${scene}`;
export const coverUrl = (scene: number): string => stashUrl(`scene/${scene}/screenshot`);
