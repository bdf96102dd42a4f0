// Which Plex items a scene's own links name: tools before PlexSync left such links in Stash, and
// people paste them. A hint of where to look, no proof: the item must still hold the scene's file.

// No key of Plex's starts with a zero, and `0` might be read as "no filter".
const itemPath =
  /^(?:https?:\/\/[^\s/?#]+\/(?:plex\/)?|\/(?:plex\/)?|plex\/)library\/metadata\/([1-9]\d{0,14})\/?(?:\?[^\s#]*)?$/;

const plexWebDetails =
  /^https?:\/\/app\.plex\.tv\/desktop\/?(?:\?[^\s#]*)?#!\/server\/[^\s/?#]+\/details\?(\S*)$/;

const detailsKey = /^\/library\/metadata\/([1-9]\d{0,14})\/?$/;

/**
 * The rating keys in a scene's links, each once, in the order of the links; [] if there are none.
 * What else stands in a link, a token for one, is never part of the result.
 *
 * Read are these forms, with a slash or a query after them or without:
 * - `plex/library/metadata/N`, with a slash before or without: written into the scene by the agent
 *   StashPlexAgent (Darklyter/StashPlexAgent.bundle `Contents/Code/__init__.py`, setting
 *   `AddPlexURL`), for the plugin PlexSync of CommunityScripts (stashapp/CommunityScripts
 *   `plugins/PlexSync/PlexSync.py`), which puts the server's address in the place of `plex` and
 *   holds the last such link of a scene for the most likely one. The agent adds to the links, so
 *   the last is the newest;
 * - `/library/metadata/N` and `http://192.168.1.10:32400/library/metadata/N`: the item's address
 *   (OpenAPI operation libraryMetadataGetSlash), also below `/plex` where a proxy has it so;
 * - `https://app.plex.tv/desktop/#!/server/<id>/details?key=%2Flibrary%2Fmetadata%2FN`: the item's
 *   page in Plex Web (sct/overseerr `server/entity/Media.ts`). An item of a provider instead of a
 *   server is none of a library's.
 */
export function ratingKeysInUrls(urls: readonly string[]): readonly string[] {
  const keys = urls.map((url) => ratingKeyIn(url.trim())).filter((key) => key !== undefined);
  return [...new Set(keys)];
}

// By patterns, not by URL: most of these links are no URLs, and the error for them holds the input.
function ratingKeyIn(url: string): string | undefined {
  const inPath = itemPath.exec(url)?.[1];
  if (inPath !== undefined) return inPath;
  const query = plexWebDetails.exec(url)?.[1];
  if (query === undefined) return undefined;
  const [key, second] = new URLSearchParams(query).getAll('key');
  return key === undefined || second !== undefined ? undefined : detailsKey.exec(key)?.[1];
}
