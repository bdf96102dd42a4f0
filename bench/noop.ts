// `bench noop`: scenes saved again without a change that concerns Plex must not cost it a write.
import { figure, loadNow, mustBe, type Report, report } from './report.ts';
import { replay, startRecording } from './replay.ts';
import { editOf, everyField, itemAt, namesOf } from './scenes.ts';
import {
  type Edit,
  holdWorker,
  installForBench,
  saveScenes,
  settled,
  stopWorker,
  wakeWorker,
} from './world.ts';

export interface NoopOptions {
  readonly scenes: number;
}

export const noopDefaults: NoopOptions = { scenes: 1_000 };

export async function benchNoop({ scenes }: NoopOptions): Promise<Report> {
  const load = loadNow();
  const world = await installForBench();
  try {
    await world.configure(everyField('First'));
    const pairs = world.addPairs(scenes);
    const names = namesOf(world);
    const edits = pairs.map(({ sceneId }) => editOf(sceneId, 'First', names));
    const push = async (saved: readonly Edit[]): Promise<number> => {
      holdWorker(world);
      await saveScenes(world, saved);
      const begin = performance.now();
      wakeWorker(world);
      await settled(world);
      return performance.now() - begin;
    };
    await push(edits);
    const arrived = pairs.filter(
      ({ sceneId, ratingKey }) =>
        world.plex.library.item(ratingKey)?.title === itemAt(sceneId, 'First')['title'],
    ).length;
    await stopWorker(world);

    world.plex.resetCounts();
    const recording = startRecording(world);
    const ms = await push(edits.map(touched));
    const requests = recording.stop();
    const counts = world.plex.counts();
    const { queue, deadLetters } = world.status();
    return report(
      'noop',
      load,
      { scenes },
      [
        mustBe('scenes in Plex beforehand', arrived, scenes),
        mustBe('writes to Plex', counts.writes, 0),
        mustBe('items written', counts.editedItems, 0),
        mustBe('still waiting', queue.spooled + queue.pending + queue.inFlight, 0),
        mustBe('dead letters', deadLetters.count, 0),
        figure({
          name: 'HTTP requests to Plex',
          value: counts.requests,
          unit: '',
          floor: { name: 'one read per 50 scenes', value: Math.ceil(scenes / 50) },
        }),
        figure({
          name: "from the worker's start to an empty queue",
          value: ms,
          unit: 'ms',
          floor: { name: 'the same requests', value: await replay(requests) },
        }),
      ],
      [
        'Half of the scenes are saved as they are, half with another value of a field that Plex does not have; every one gets a new updated_at and a hook.',
        'Floor of the time: what Stash and Plex were asked, asked again by a bare client.',
      ],
    );
  } finally {
    await world.close();
  }
}

function touched(edit: Edit, index: number): Edit {
  return index % 2 === 0 ? edit : { ...edit, organized: true };
}
