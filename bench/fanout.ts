// `bench fanout`: what a change to many scenes costs Plex. A studio is renamed in Stash, and scenes
// are given one tag in a bulk edit, with a Plex that adds an edit's tags and with one that replaces
// an item's by them.
import { type Figure, figure, loadNow, mustBe, type Report, report } from './report.ts';
import {
  type Edit,
  holdWorker,
  installForBench,
  saveScenes,
  settled,
  stopWorker,
  wakeWorker,
} from './world.ts';

export interface FanoutOptions {
  /** Whose studio is renamed; a fifth of them is given the tag. */
  readonly scenes: number;
}

export const fanoutDefaults: FanoutOptions = { scenes: 5_000 };

const scenesPerRequest = 50;
const targetWrites = 1.3;
/** A person has a tag of their own in every tenth item. */
const personsEvery = 10;
const ownTags = 40;

export async function benchFanout({ scenes }: FanoutOptions): Promise<Report> {
  const load = loadNow();
  const tagged = Math.max(1, Math.round(scenes / 5));
  const renamed = await inWorld('append', scenes, renameStudio);
  const renamedToo = await inWorld('replace', tagged, renameStudio);
  const appended = await inWorld('append', tagged, addTag);
  const replaced = await inWorld('replace', tagged, addTag);
  return report(
    'fanout',
    load,
    { scenes, tagged },
    [
      ...figuresOf('studio renamed', renamed, targetWrites),
      ...figuresOf('studio renamed, Plex replaces tags', renamedToo, targetWrites),
      ...figuresOf('tag added, Plex appends', appended, targetWrites),
      ...figuresOf('tag added, Plex replaces', replaced, null),
    ],
    [
      'Every scene has a title and tags of its own, so that hardly any two whole tag lists of a batch are equal; in every tenth item a person has a tag of their own.',
      'How Plex takes tags is not known when the tag is added: learning it is in the figure.',
      'Where Plex replaces, an item with tags needs its own whole list: one write per scene is the least there can be, but for lists that are equal.',
    ],
  );
}

interface Outcome {
  readonly scenes: number;
  readonly writes: number;
  readonly requests: number;
  readonly wrong: number;
  readonly deadLetters: number;
  readonly ms: number;
}

function figuresOf(what: string, outcome: Outcome, target: number | null): readonly Figure[] {
  const per50 = (count: number): number => (count * scenesPerRequest) / outcome.scenes;
  const floorName = target === null ? 'one write per scene' : 'one write per 50 scenes';
  return [
    figure({
      name: `${what}: write requests per 50 scenes`,
      value: per50(outcome.writes),
      unit: '',
      floor: { name: floorName, value: target === null ? scenesPerRequest : 1 },
      ...(target === null ? {} : { target: { relation: '<=', value: target } }),
    }),
    figure({
      name: `${what}: HTTP requests to Plex per 50 scenes`,
      value: per50(outcome.requests),
      unit: '',
    }),
    figure({
      name: `${what}: from the worker's start to an empty queue`,
      value: outcome.ms,
      unit: 'ms',
    }),
    mustBe(`${what}: items that are not as they should be`, outcome.wrong, 0),
    mustBe(`${what}: dead letters`, outcome.deadLetters, 0),
  ];
}

type BenchWorld = Awaited<ReturnType<typeof installForBench>>;
type Pairs = ReturnType<BenchWorld['addPairs']>;

interface Library {
  readonly world: BenchWorld;
  readonly pairs: Pairs;
  readonly studio: number;
  readonly tags: readonly number[];
}

/** Changes Stash; the answer tells whether an item is right afterwards. */
type Change = (library: Library) => Promise<(index: number) => boolean>;

async function inWorld(
  tagMode: 'append' | 'replace',
  scenes: number,
  change: Change,
): Promise<Outcome> {
  const world = await installForBench();
  try {
    await world.configure();
    world.plex.switches.tagMode = tagMode;
    const { store } = world.stash;
    const studio = store.addStudio({ name: 'Old Studio' });
    const tags = Array.from({ length: ownTags }, (_, index) =>
      store.addTag({ name: `Tag ${index}` }),
    );
    const pairs = world.addPairs(scenes);
    const library = { world, pairs, studio, tags };
    holdWorker(world);
    await saveScenes(
      world,
      pairs.map(({ sceneId }, index) => sceneAt(library, sceneId, index)),
    );
    wakeWorker(world);
    await settled(world, patienceMs(scenes));
    await stopWorker(world);
    for (const [index, { ratingKey }] of pairs.entries()) {
      if (!isPersons(index)) continue;
      const genres = [...(world.plex.library.item(ratingKey)?.genres ?? []), 'A person’s'];
      world.plex.library.setByPerson(ratingKey, { genres });
    }

    holdWorker(world);
    const isRight = await change(library);
    world.plex.resetCounts();
    const begin = performance.now();
    wakeWorker(world);
    await settled(world, patienceMs(scenes));
    const ms = performance.now() - begin;
    const { writes, requests } = world.plex.counts();
    const wrong = pairs.filter((_, index) => !isRight(index)).length;
    const deadLetters = world.status().deadLetters.count;
    return { scenes, writes, requests, wrong, deadLetters, ms };
  } finally {
    await world.close();
  }
}

function patienceMs(scenes: number): number {
  return 60_000 + scenes * 200;
}

function isPersons(index: number): boolean {
  return index % personsEvery === 0;
}

/** Two tags of forty: 1,560 pairs of them, in another order for each scene. */
function tagsAt(index: number): readonly [number, number] {
  const first = index % ownTags;
  const step = 1 + (Math.floor(index / ownTags) % (ownTags - 1));
  return [first, (first + step) % ownTags];
}

function sceneAt({ studio, tags }: Library, id: number, index: number, more?: number): Edit {
  const own = tagsAt(index).map((at) => String(tags[at]));
  return {
    id,
    title: `Title ${id}`,
    studio_id: String(studio),
    tag_ids: more === undefined ? own : [...own, String(more)],
  };
}

const renameStudio: Change = async (library) => {
  const { world, studio } = library;
  await world.stash.graphql(
    'mutation ($input: StudioUpdateInput!) { studioUpdate(input: $input) { id } }',
    { input: { id: String(studio), name: 'New Studio' } },
  );
  return (index) => isAsItShould(library, index, 'New Studio', []);
};

const addTag: Change = async (library) => {
  const { world, pairs } = library;
  const tag = world.stash.store.addTag({ name: 'Bulk' });
  await saveScenes(
    world,
    pairs.map(({ sceneId }, index) => sceneAt(library, sceneId, index, tag)),
  );
  return (index) => isAsItShould(library, index, 'Old Studio', ['Bulk']);
};

function isAsItShould(
  { world, pairs }: Library,
  index: number,
  studio: string,
  added: readonly string[],
): boolean {
  const pair = pairs[index];
  const item = pair === undefined ? undefined : world.plex.library.item(pair.ratingKey);
  if (pair === undefined || item === undefined) return false;
  const own = tagsAt(index).map((at) => `Tag ${at}`);
  const wanted = [...own, ...added, ...(isPersons(index) ? ['A person’s'] : [])];
  return (
    item.title === `Title ${pair.sceneId}` &&
    item.studio === studio &&
    item.genres.toSorted().join('\n') === wanted.toSorted().join('\n')
  );
}
