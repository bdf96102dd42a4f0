// "Settings saved": said by the page when it has saved some. The worker, woken afterwards if there is
// none, looks at them at once.
import { noArguments } from '../contract/arguments.ts';
import { noteSettingsSaved } from '../sync/servers/settingsWatch.ts';
import type { Operation } from './operation.ts';

export const settingsSaved: Operation<object, { readonly noted: true }> = {
  arguments: noArguments,
  perform: ({ db, now }) => {
    noteSettingsSaved(db, now);
    return { noted: true };
  },
};
