// The text beside an actor's name in Plex: the role. It is no work of PlexSync's, and must not go down
// with a list of actors that is written anew.
import type { ItemEdit, PlexItem } from '../base/plexItem.ts';

/** The edit, with the roles that the actors in its list have in the item. */
export function withRoleTexts(
  edit: ItemEdit,
  { roleTexts }: Pick<PlexItem, 'roleTexts'>,
): ItemEdit {
  const known = new Map(Object.entries(roleTexts ?? {}));
  const texts = (edit.tags.actor ?? []).flatMap((name): readonly [string, string][] => {
    const text = known.get(name);
    return text === undefined ? [] : [[name, text]];
  });
  return texts.length === 0 ? edit : { ...edit, roleTexts: Object.fromEntries(texts) };
}
