// What there is to tell, and how it reads as a line.
import { cut } from './cut.ts';
import type { Totals } from './ledger.ts';
import { quoted, viewFields } from './view.ts';

export interface SceneChange {
  readonly sceneId: number;
  readonly title: string;
  /** As `changesBetween` words them. */
  readonly changes: readonly string[];
}

export interface Arrival extends SceneChange {
  /** From the save in Stash until Plex had it. */
  readonly afterMs: number;
}

export type DemoEvent =
  | { readonly kind: 'edited'; readonly at: number; readonly scenes: readonly SceneChange[] }
  | { readonly kind: 'arrived'; readonly at: number; readonly scenes: readonly Arrival[] }
  | { readonly kind: 'away'; readonly at: number }
  | { readonly kind: 'back'; readonly at: number }
  | { readonly kind: 'trouble'; readonly at: number; readonly message: string };

/** Letters of one field's change. */
const longestPart = 110;
/** Fields that are told with their values. */
const mostShown = 2;
/** More than these are told in one line. */
const mostLines = 3;

/** Each begins with the time of day. */
export function linesOf(event: DemoEvent): readonly string[] {
  const time = clockTime(event.at);
  const line = (text: string): string => `${time}  ${text}`;
  switch (event.kind) {
    case 'edited':
      return event.scenes.length > mostLines
        ? [line(`Stash: ${many(event.scenes)}`)]
        : event.scenes.map((scene) => line(`Stash: ${one(scene)}`));
    case 'arrived':
      return event.scenes.length > mostLines
        ? [line(`→ Plex after ${range(event.scenes)}: ${many(event.scenes)}`)]
        : event.scenes.map((scene) =>
            line(`→ Plex after ${seconds(scene.afterMs)}: ${one(scene)}`),
          );
    case 'away':
      return [line('▲ Plex goes away. Stash is edited all the same.')];
    case 'back':
      return [line('● Plex is there again. Nobody touches anything.')];
    case 'trouble':
      return [line(`✕ ${event.message}`)];
  }
}

/** `12:04:31`, in this machine's own time zone. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `0.02 s`, and without hundredths from 10 s on. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function summaryOf(totals: Totals): string {
  const { edits, changes, arrived, outages, singleMs, longestMs } = totals;
  const made = `${counted(edits, 'edit')} in Stash changed ${counted(changes, 'scene')}`;
  const there = arrived === changes ? `all ${arrived} arrived` : `${arrived} of them arrived`;
  const single = singleMs === null ? '' : ` A single edit took ${seconds(singleMs)} (median).`;
  const longest = longestMs === null ? '' : ` The longest wait was ${seconds(longestMs)}.`;
  return `${made}, ${there} in Plex; ${outages === 0 ? 'no outage' : counted(outages, 'outage')}.${single}${longest}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function one({ sceneId, title, changes }: SceneChange): string {
  // A changed title says itself which scene it is.
  const says = changes.length <= mostShown && changes[0]?.startsWith('title ');
  const name = says === true ? '' : ` ${quoted(title)}`;
  return `scene ${sceneId}${name} ${told(changes)}`;
}

/** What most of them share is told, and how many that are. */
function many(scenes: readonly SceneChange[]): string {
  const counts = new Map<string, number>();
  for (const { changes } of scenes) counts.set(told(changes), (counts.get(told(changes)) ?? 0) + 1);
  const [[shared, count] = ['', 0]] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (count === 1) return `${scenes.length} scenes, each its own change`;
  const part = count === scenes.length ? '' : ` (${count} of them)`;
  return `${scenes.length} scenes at once: ${shared}${part}`;
}

function told(changes: readonly string[]): string {
  if (changes.length === 0) return 'as it was';
  if (changes.length === viewFields.length) return 'all its fields';
  const shown = changes.length > mostShown ? changes.map(fieldOf) : changes.map(short);
  return shown.join(', ');
}

function range(arrivals: readonly Arrival[]): string {
  const all = arrivals.map(({ afterMs }) => afterMs);
  const [first, last] = [seconds(Math.min(...all)), seconds(Math.max(...all))];
  return first === last ? last : `${first.replace(' s', '')} to ${last}`;
}

function fieldOf(change: string): string {
  return change.split(' ', 1)[0] ?? change;
}

function short(change: string): string {
  return cut(change, longestPart);
}
