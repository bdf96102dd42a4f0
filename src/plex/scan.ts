// The request that has Plex look through one folder for files that it does not know yet. Pure.
import { PlexSyncError } from '../contract/errors.ts';
import { escapeValue } from './escape.ts';
import { isPlexId } from './ratingKeys.ts';

/**
 * The request target of a scan of one folder, to be asked for with GET.
 *
 * Path and argument are those of OpenAPI operation librarySectionPostRefresh ("Restrict refresh to
 * the specified path") and of python-plexapi `library.py LibrarySection.update`. They differ in the
 * method: the document has POST, python-plexapi sends GET, and GET it is, since servers from
 * 1.32.7.7484 on answered 404 to anything else (Cloudbox/autoscan pull request 219,
 * pushingkarmaorg/python-plexapi issue 1261). A space goes out as `%20`, which means the same to
 * every server as the `+` that python-plexapi writes here.
 *
 * There is no way to ask for `force`, which has Plex fetch all metadata anew.
 *
 * @param folder as Plex itself spells its path. Without one Plex scans the whole section.
 * @throws PlexSyncError `internal`, field `sectionId`: an id that is not a number; field `folder`:
 *   a blank one.
 */
export function scanTarget(sectionId: string, folder: string): string {
  if (!isPlexId(sectionId)) {
    throw new PlexSyncError('internal', 'Refused to scan a Plex section whose id is no number.', {
      field: 'sectionId',
    });
  }
  if (folder.trim() === '') {
    throw new PlexSyncError('internal', 'Refused to have Plex scan without naming a folder.', {
      field: 'folder',
    });
  }
  return `/library/sections/${sectionId}/refresh?path=${escapeValue(folder)}`;
}
