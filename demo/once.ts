// `--once`: one edit in Stash, the wait until Plex has it, and both sides before and after.
import { cut } from './cut.ts';
import { type Arrival, type DemoEvent, seconds } from './events.ts';
import type { Installation } from './installation.ts';
import { seededRandom } from './random.ts';
import { Show, type SideBySide } from './show.ts';
import { paused } from './story.ts';
import { fieldText, viewFields } from './view.ts';

const lookEveryMs = 20;
const columns = { field: 10, side: 36 } as const;

export interface OnceOptions {
  readonly say: (line: string) => void;
  /** How long Plex may take, in ms. */
  readonly limitMs: number;
  readonly stop: AbortSignal;
}

/** @returns the exit code: 0 if the edit is in Plex, else 1; why not was said then */
export async function runOnce(installation: Installation, options: OnceOptions): Promise<0 | 1> {
  const { say, limitMs, stop } = options;
  let arrival: Arrival | undefined;
  const onEvent = (event: DemoEvent): void => {
    if (event.kind === 'arrived') arrival = event.scenes[0];
  };
  const show = new Show(installation, seededRandom(Date.now()), onEvent);
  const arrives = async (): Promise<boolean> => {
    const end = Date.now() + limitMs;
    while (show.ledger.waiting.size > 0) {
      if (Date.now() > end || !(await paused(lookEveryMs, stop))) return false;
      show.look();
    }
    return true;
  };
  const failed = async (what: string): Promise<1> => {
    await show.ask();
    const { status, error } = show.report;
    const reason = error ?? status?.sentence ?? 'PlexSync says nothing';
    say(
      stop.aborted
        ? 'It was stopped before Plex had the edit.'
        : `${what} has not arrived in Plex within ${limitMs / 1000} s. PlexSync says: ${reason}`,
    );
    return 1;
  };

  const { pairs } = installation.library;
  const [pair] = pairs;
  if (pair === undefined) throw new Error('The library is empty.');
  const { sceneId } = pair;
  // A few scenes that Plex has seen, so that the edit is an edit and no first contact.
  const known = pairs.slice(0, 5).map((each) => each.sceneId);
  await show.edit(known, { tag_ids: { ids: installation.library.tagIds.slice(-1), mode: 'ADD' } });
  if (!(await arrives())) return await failed('The first sync');

  const scene = installation.stash.store.scene(sceneId);
  say(`Scene ${sceneId}, ${scene?.files[0]?.path ?? ''}`);
  say('');
  sayTable('Before', show.sideBySide(sceneId), say);
  // So that it is a lone edit: changes within a second of another are gathered first.
  await paused(1_200, stop);
  const [, ...kept] = scene?.tagIds ?? [];
  const added = installation.library.tagIds.find((id) => !scene?.tagIds.includes(id));
  await show.edit([sceneId], {
    title: `${scene?.title ?? ''} (restored)`,
    tag_ids: [...kept, added].map(String),
  });
  const there = await arrives();
  say('');
  sayTable('After', show.sideBySide(sceneId), say);
  say('');
  if (!there || arrival === undefined) return await failed('The edit');
  say(`Edited: ${arrival.changes.join('; ')}`);
  say(`arrived after ${seconds(arrival.afterMs)}`);
  return 0;
}

function sayTable(name: string, { stash, plex }: SideBySide, say: (line: string) => void): void {
  say(row(name, 'Stash', 'Plex', ''));
  for (const field of viewFields) {
    const [left, right] = [fieldText(stash, field), fieldText(plex, field)];
    say(row(field, left, right, left === right ? '=' : '≠'));
  }
}

function row(field: string, left: string, right: string, sign: string): string {
  const { field: narrow, side } = columns;
  return `${cell(field, narrow)}  ${cell(left, side)}  ${cell(right, side)}  ${sign}`.trimEnd();
}

function cell(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}
