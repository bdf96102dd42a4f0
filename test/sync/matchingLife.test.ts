// Random lives of a library: files are copied, renamed, moved, assigned, replaced, deleted, in Stash
// and in Plex, seen late or not at all, while scenes are edited. Whatever happens, no item ever shows
// a scene of another video; and in the end every scene whose item is beyond doubt is in it.
import { afterEach, describe, expect, it } from 'vitest';
import { fastClock } from '../helpers/fastClock.ts';
import { until } from '../helpers/wait.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { seededRandom } from '../domain/random.ts';

const steps = 60;

interface Film {
  /** What tells one video from another. */
  readonly content: number;
  path: string;
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
  '[1.0 MATCH-01] a random life of a library (seed %i)',
  (seed) => {
    let world: World | null = null;
    afterEach(async () => {
      await world?.close();
      world = null;
    });

    it('never shows a scene in an item of another video, and leaves none out at its end', async () => {
      const open = await openWorld({
        plex: { switches: { movedFile: seed % 2 === 0 ? 'same-item' : 'new-item' } },
      });
      world = open;
      await open.configure({ pathMappings: '/stash=>/data' });
      const random = seededRandom(seed);
      const pick = <T>(list: readonly T[]): T | undefined =>
        list[Math.floor(random() * list.length)];
      /** By path in Plex. The disk is one; each side learns of it in its own time. */
      const disk = new Map<string, Film>();
      /** Which videos a scene of this title has had: a title goes with its scene's file. */
      const videosOf = new Map<string, Set<number>>();
      const sizeOf = (content: number): number => 1_000 + content;
      const secondsOf = (content: number): number => 60 + content * 3;
      let contents = 0;
      let names = 0;
      let edits = 0;

      const freshPath = (): string => {
        names += 1;
        // Few names in few folders, so that names meet.
        const path = `/data/f${Math.floor(random() * 3)}/${pick(['a', 'b', 'film', 'scene'])}.mp4`;
        return disk.has(path) ? `/data/f9/n${names}.mp4` : path;
      };
      const stashFile = ({ content, path }: Film) => ({
        path: path.replace('/data', '/stash'),
        size: sizeOf(content),
        durationSeconds: secondsOf(content),
      });
      const plexFile = ({ content, path }: Film) => ({
        path,
        size: sizeOf(content),
        durationMs: secondsOf(content) * 1_000,
      });
      const scenes = () => [...open.stash.store.scenes()];
      const items = () => open.plex.library.items(open.section);
      const edit = (sceneId: number): void => {
        edits += 1;
        const scene = open.stash.store.scene(sceneId);
        const size = scene?.files[0]?.size;
        const title = `edit ${edits}`;
        videosOf.set(title, new Set(size === undefined ? [] : [size - 1_000]));
        open.edit(sceneId, { title });
      };
      const addFilm = (content: number): void => {
        const film = { content, path: freshPath() };
        disk.set(film.path, film);
        if (random() < 0.9) open.stash.store.addScene({ files: [stashFile(film)] });
        if (random() < 0.8) {
          open.plex.library.addItem(open.section, { title: 'scanned', files: [plexFile(film)] });
        }
      };
      const actions: readonly (() => void)[] = [
        () => addFilm((contents += 1)),
        () => addFilm((contents += 1)),
        // A copy of a video under another path.
        () => addFilm(pick([...disk.values()])?.content ?? (contents += 1)),
        () => edit(pick(scenes())?.id ?? 0),
        () => edit(pick(scenes())?.id ?? 0),
        () => edit(pick(scenes())?.id ?? 0),
        // A file is renamed on the disk; Plex or Stash or both see it.
        () => {
          const film = pick([...disk.values()]);
          if (film === undefined) return;
          const from = film.path;
          const to = freshPath();
          disk.delete(from);
          film.path = to;
          disk.set(to, film);
          const inPlex = items().some((item) => item.parts.some((part) => part.file === from));
          if (inPlex && random() < 0.7) open.plex.library.moveFile(from, to);
          const scene = scenes().find(({ files }) =>
            files.some((file) => file.path === from.replace('/data', '/stash')),
          );
          if (scene === undefined || random() < 0.3) return;
          open.stash.store.changeScene(
            scene.id,
            {
              files: scene.files.map((file) => ({ ...file, path: to.replace('/data', '/stash') })),
            },
            { touch: false },
          );
          open.dropEvent('Scene.Update.Post', scene.id);
        },
        // Plex scans a file anew under another rating key.
        () => {
          const item = pick(items());
          const [part] = item?.parts ?? [];
          if (item === undefined || part === undefined) return;
          open.plex.library.removeItem(item.ratingKey);
          open.plex.library.addItem(open.section, {
            title: 'scanned anew',
            files: [{ path: part.file, size: part.sizeBytes, durationMs: part.durationMs ?? 0 }],
          });
        },
        // A file is assigned to another scene: no hook.
        () => {
          const [giver, taker] = [pick(scenes()), pick(scenes())];
          if (giver === undefined || taker === undefined || giver.id === taker.id) return;
          const [file] = giver.files;
          if (file !== undefined) videosOf.get(taker.title)?.add(file.size - 1_000);
          open.stash.store.changeScene(taker.id, { files: [...giver.files] }, { touch: false });
          open.stash.store.changeScene(giver.id, { files: [] }, { touch: false });
        },
        () => {
          const scene = pick(scenes());
          if (scene === undefined) return;
          open.stash.store.removeScene(scene.id);
          open.dropEvent('Scene.Destroy.Post', scene.id);
        },
      ];

      const contentsOf = (ratingKey: string): readonly number[] =>
        (open.plex.library.item(ratingKey)?.parts ?? []).map((part) => part.sizeBytes - 1_000);
      const check = (): void => {
        for (const item of items()) {
          const videos = videosOf.get(item.title);
          if (videos === undefined) continue;
          expect([...videos]).toEqual(expect.arrayContaining([...contentsOf(item.ratingKey)]));
        }
      };

      for (let n = 0; n < 6; n += 1) addFilm((contents += 1));
      open.startWorker(fastClock(200));
      for (let step = 0; step < steps; step += 1) {
        pick(actions)?.();
        if (random() < 0.4) await open.settled();
        check();
      }
      await open.settled();

      // The end: both sides see the disk as it is, and every scene is edited once more.
      for (const { id, files } of scenes()) {
        const known = files.flatMap((file) => {
          const film = [...disk.values()].find(({ content }) => content === file.size - 1_000);
          return disk.has(file.path.replace('/stash', '/data')) || film === undefined
            ? [file]
            : [{ ...file, path: film.path.replace('/data', '/stash') }];
        });
        open.stash.store.changeScene(id, { files: known }, { touch: false });
        edit(id);
      }
      await open.settled();
      const alone = scenes().filter(({ files }) => {
        const [file] = files;
        if (file === undefined) return false;
        const content = file.size - 1_000;
        const holders = items().filter((item) => contentsOf(item.ratingKey).includes(content));
        const owners = scenes().filter((scene) =>
          scene.files.some(({ size }) => size === file.size),
        );
        return (
          holders.length === 1 &&
          owners.length === 1 &&
          holders[0]?.parts.some(({ file: path }) => path === file.path.replace('/stash', '/data'))
        );
      });
      expect(alone.length).toBeGreaterThan(0);
      const titlesInPlex = () => new Set(items().map(({ title }) => title));
      await until('every scene beyond doubt is in its item', () =>
        alone.every(({ id }) => titlesInPlex().has(open.stash.store.scene(id)?.title ?? '')),
      );
      check();
    }, 120_000);
  },
);
