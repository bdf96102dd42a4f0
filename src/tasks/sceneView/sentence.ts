// The state of a scene in a sentence or a few. Pure.
import type { Hold, SceneViewAnswer } from '../../contract/sceneView.ts';

type View = Omit<SceneViewAnswer, 'sentence'>;

export function sentenceOf(view: View): string {
  const { scene, live, queue, held } = view;
  const parts = [
    scene.state === 'gone' ? `Stash has no scene ${scene.id}.` : whatAPushWouldDo(view),
    ...(queue.waiting === null ? [] : ['A change of it waits.']),
    ...(held === null ? [] : [heldWords[held]]),
    ...(queue.deadLetter === null ? [] : ['A change of it was given up.']),
    ...(live.stash === null ? [] : [`Stash could not be asked: ${live.stash.message}`]),
    ...(live.plex === null ? [] : [`Plex could not be asked: ${live.plex.message}`]),
  ];
  return parts.join(' ');
}

const heldWords: Readonly<Record<Hold, string>> = {
  paused: 'PlexSync is paused: nothing is pushed until it is resumed.',
  setup: 'PlexSync is being set up: nothing is pushed before that is finished.',
};

function whatAPushWouldDo({ scene, live, item, fields, blocked }: View): string {
  if (scene.state === 'unreadable') return 'The scene cannot be read, so nothing is pushed.';
  if (item.none !== null) return `It has no Plex item: ${item.none.meaning}`;
  if (live.stash !== null || live.plex !== null) return 'This is what PlexSync knows.';
  if (item.state === 'unknown') {
    return 'Its Plex item is not known: PlexSync has not looked through Plex’s libraries yet.';
  }
  if (blocked !== null) return `What would be written must not be sent: ${blocked.message}`;
  const written = fields.filter(({ verdict }) => verdict === 'write').map(({ field }) => field);
  if (written.length > 0) return `A push now would write: ${written.join(', ')}.`;
  return 'A push now would write nothing.';
}
