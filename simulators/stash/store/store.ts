// The simulated Stash's database, in memory. Everything here happens at once and fires no hook:
// what fires one goes through GraphQL or through the library jobs.
import { StashError } from '../errors.ts';
import { rfc3339Seconds } from '../goFormats.ts';
import {
  type EntityKind,
  type EntityRecord,
  emptyScene,
  type FileRecord,
  type NewEntity,
  type NewFile,
  type NewScene,
  type SceneRecord,
} from './records.ts';
import { withMergedParents } from './tagParents.ts';

export interface StoreClock {
  readonly nowMs: () => number;
  readonly offsetMinutes: (atMs: number) => number;
}

export type SceneChange = Partial<Omit<SceneRecord, 'id' | 'updatedAt'>>;
export type EntityChange = Partial<Pick<EntityRecord, 'name' | 'fields' | 'image'>>;

/**
 * A scene's fields by GraphQL name and what the answer shall hold instead; undefined = leave out,
 * an Error = Stash reports it for that field, as for a file that it cannot read.
 */
export type Corruption = Readonly<Record<string, unknown>>;

type LastIds = Record<EntityKind | 'scene' | 'file' | 'marker', number>;

/** Everything in the store, for a file: see `saveState` in main.ts. */
export interface StoreSnapshot {
  readonly format: 'stash-simulator-1';
  readonly scenes: readonly SceneRecord[];
  readonly entities: readonly EntityRecord[];
  readonly lastId: LastIds;
  readonly markerTags: readonly number[];
}

export class StashStore {
  readonly #clock: StoreClock;
  readonly #scenes = new Map<number, SceneRecord>();
  readonly #entities: Record<EntityKind, Map<number, EntityRecord>> = {
    performer: new Map(),
    studio: new Map(),
    tag: new Map(),
    group: new Map(),
  };
  readonly #corrupted = new Map<number, Corruption>();
  readonly #lastId: LastIds = {
    scene: 0,
    file: 0,
    performer: 0,
    studio: 0,
    tag: 0,
    group: 0,
    marker: 0,
  };
  /** Tags that are some marker's primary tag: Stash refuses to destroy them. */
  readonly markerTags = new Set<number>();

  constructor(clock: StoreClock) {
    this.#clock = clock;
  }

  /** Now, in the form that Stash stores: RFC 3339, seconds, the server's own offset. */
  now(): string {
    const nowMs = this.#clock.nowMs();
    return rfc3339Seconds(nowMs, this.#clock.offsetMinutes(nowMs));
  }

  addScene(scene: NewScene = {}): number {
    const now = this.now();
    const id = this.#take('scene', scene.id);
    const { files = [], ...content } = scene;
    this.#scenes.set(id, {
      ...emptyScene,
      createdAt: now,
      updatedAt: scene.createdAt ?? now,
      ...content,
      id,
      files: files.map((file) => this.newFile(file)),
    });
    return id;
  }

  newFile(file: NewFile): FileRecord {
    const id = this.#take('file', undefined);
    const now = this.now();
    return {
      id,
      path: file.path,
      size: file.size ?? 1_000_000,
      durationSeconds: file.durationSeconds ?? 60,
      oshash: file.oshash ?? id.toString(16).padStart(16, '0'),
      createdAt: now,
      updatedAt: now,
    };
  }

  scene(id: number): SceneRecord | undefined {
    return this.#scenes.get(id);
  }

  scenes(): Iterable<SceneRecord> {
    return this.#scenes.values();
  }

  get sceneCount(): number {
    return this.#scenes.size;
  }

  /**
   * Changes a scene behind Stash's back, so to speak: no hook. `touch: true` moves `updated_at`,
   * as auto-tag and the generation of a cover do; false leaves it, as moving a file does.
   */
  changeScene(id: number, change: SceneChange, options: { readonly touch: boolean }): SceneRecord {
    const before = this.#scenes.get(id);
    if (before === undefined) throw new StashError(`scene with id ${id} not found`);
    const after = {
      ...before,
      ...change,
      updatedAt: options.touch ? this.now() : before.updatedAt,
    };
    this.#scenes.set(id, after);
    return after;
  }

  /** The scene as if its last change had been at another time, in Stash's own writing of it. */
  stampScene(id: number, updatedAt: string): void {
    const scene = this.#scenes.get(id);
    if (scene !== undefined) this.#scenes.set(id, { ...scene, updatedAt });
  }

  removeScene(id: number): void {
    this.#scenes.delete(id);
    this.#corrupted.delete(id);
  }

  addPerformer = (performer: NewEntity): number => this.addEntity('performer', performer);
  addStudio = (studio: NewEntity): number => this.addEntity('studio', studio);
  addTag = (tag: NewEntity): number => this.addEntity('tag', tag);
  addGroup = (group: NewEntity): number => this.addEntity('group', group);

  addEntity(kind: EntityKind, entity: NewEntity): number {
    const now = this.now();
    const id = this.#take(kind, entity.id);
    this.#entities[kind].set(id, {
      fields: {},
      image: null,
      createdAt: now,
      updatedAt: entity.createdAt ?? now,
      ...entity,
      id,
      kind,
    });
    return id;
  }

  entity(kind: EntityKind, id: number): EntityRecord | undefined {
    return this.#entities[kind].get(id);
  }

  entities(kind: EntityKind): Iterable<EntityRecord> {
    return this.#entities[kind].values();
  }

  /** Changes a performer, studio, tag or group without a hook; its `updated_at` moves. */
  changeEntity(kind: EntityKind, id: number, change: EntityChange): EntityRecord {
    const before = this.#entities[kind].get(id);
    if (before === undefined) throw new StashError(`${kind} with id ${id} not found`);
    const fields = { ...before.fields, ...change.fields };
    const after = { ...before, ...change, fields, updatedAt: this.now() };
    this.#entities[kind].set(id, after);
    return after;
  }

  /** As if its last change had been at another time, in Stash's own writing of it. */
  stampEntity(kind: EntityKind, id: number, updatedAt: string): void {
    const before = this.#entities[kind].get(id);
    if (before !== undefined) this.#entities[kind].set(id, { ...before, updatedAt });
  }

  /** Removes one and every reference to it; no scene's `updated_at` moves. */
  removeEntity(kind: EntityKind, id: number): void {
    this.#entities[kind].delete(id);
    this.replaceReferences(kind, new Set([id]), null);
  }

  /** Lets every scene that refers to one of `from` refer to `to` (null: to none). */
  replaceReferences(kind: EntityKind, from: ReadonlySet<number>, to: number | null): void {
    const swap = (ids: readonly number[]): readonly number[] =>
      ids.some((id) => from.has(id))
        ? [...new Set(ids.flatMap((id) => (from.has(id) ? (to === null ? [] : [to]) : [id])))]
        : ids;
    for (const scene of this.#scenes.values()) {
      this.#scenes.set(scene.id, replaced(scene, kind, swap));
    }
  }

  /**
   * What `tagsMerge` and `performerMerge` do to the database: scenes of the sources refer to the
   * destination, the sources are gone, tags leave it their names as aliases and their markers. No
   * `updated_at` moves (pkg/sqlite/tag.go, pkg/sqlite/performer.go `Merge`).
   */
  mergeEntities(kind: 'performer' | 'tag', sources: readonly number[], destination: number): void {
    const entities = this.#entities[kind];
    const target = entities.get(destination);
    if (target === undefined) throw new StashError(`${kind} with id ${destination} not found`);
    const gone = sources.flatMap((id) => entities.get(id) ?? []);
    this.replaceReferences(kind, new Set(sources), destination);
    for (const { id } of gone) entities.delete(id);
    if (kind === 'performer') return;
    const aliases = [target, ...gone].flatMap(({ fields }) => textsOf(fields['aliases']));
    const names = gone.map(({ name }) => name);
    const fields = { ...target.fields, aliases: [...aliases, ...names] };
    entities.set(destination, { ...target, fields });
    for (const tag of entities.values()) {
      entities.set(tag.id, withMergedParents(tag, sources, destination));
    }
    for (const id of sources) if (this.markerTags.delete(id)) this.markerTags.add(destination);
  }

  nextMarkerId(): number {
    return this.#take('marker', undefined);
  }

  /** From now on the scene's JSON holds these values, whatever the schema says. */
  corrupt(id: number, fields: Corruption): void {
    this.#corrupted.set(id, { ...this.#corrupted.get(id), ...fields });
  }

  heal(id: number): void {
    this.#corrupted.delete(id);
  }

  corruption(id: number): Corruption | undefined {
    return this.#corrupted.get(id);
  }

  snapshot(): StoreSnapshot {
    return {
      format: 'stash-simulator-1',
      scenes: [...this.#scenes.values()],
      entities: Object.values(this.#entities).flatMap((entities) => [...entities.values()]),
      lastId: { ...this.#lastId },
      markerTags: [...this.markerTags],
    };
  }

  restore(snapshot: StoreSnapshot): void {
    for (const scene of snapshot.scenes) this.#scenes.set(scene.id, scene);
    for (const entity of snapshot.entities) this.#entities[entity.kind].set(entity.id, entity);
    for (const id of snapshot.markerTags) this.markerTags.add(id);
    Object.assign(this.#lastId, snapshot.lastId);
  }

  #take(sequence: keyof LastIds, wanted: number | undefined): number {
    const id = wanted ?? this.#lastId[sequence] + 1;
    this.#lastId[sequence] = Math.max(this.#lastId[sequence], id);
    return id;
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function replaced(
  scene: SceneRecord,
  kind: EntityKind,
  swap: (ids: readonly number[]) => readonly number[],
): SceneRecord {
  switch (kind) {
    case 'performer': {
      const performerIds = swap(scene.performerIds);
      return performerIds === scene.performerIds ? scene : { ...scene, performerIds };
    }
    case 'tag': {
      const tagIds = swap(scene.tagIds);
      return tagIds === scene.tagIds ? scene : { ...scene, tagIds };
    }
    case 'studio': {
      if (scene.studioId === null) return scene;
      const studioId = swap([scene.studioId])[0] ?? null;
      return studioId === scene.studioId ? scene : { ...scene, studioId };
    }
    case 'group': {
      const before = scene.groups.map((link) => link.groupId);
      const after = swap(before);
      if (after === before) return scene;
      return {
        ...scene,
        groups: after.map((groupId) => ({
          groupId,
          sceneIndex: scene.groups.find((link) => link.groupId === groupId)?.sceneIndex ?? null,
        })),
      };
    }
  }
}
