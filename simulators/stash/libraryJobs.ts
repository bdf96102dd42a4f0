// What happens in a library without a mutation on a scene: scans, cleaning, auto-tag, moved files.
// The scans and the cleaning are jobs in Stash's one queue, and their hooks run inside the job.
// (stashapp/stash pkg/scene/scan.go, internal/manager/task_clean.go, internal/autotag)
import type { JobHandle } from './jobQueue.ts';
import type { StashParts } from './graphql/context.ts';
import { primaryFile } from './graphql/sceneMutations.ts';
import type { NewFile } from './store/records.ts';

export interface Scan {
  /** Files that Stash has not seen: a scene each. */
  readonly added?: readonly NewFile[];
  /** Files that lie elsewhere now: the hook fires, `updated_at` stays. */
  readonly renamed?: readonly { readonly sceneId: number; readonly path: string }[];
  /** How many files at once; each one's hooks run one after the other. 1 if not given. */
  readonly parallelTasks?: number;
}

export class LibraryJobs {
  readonly #parts: StashParts;

  constructor(parts: StashParts) {
    this.#parts = parts;
  }

  /** Resolves with the ids of the new scenes when the job has ended. */
  async scan({ added = [], renamed = [], parallelTasks = 1 }: Scan): Promise<number[]> {
    const { store, jobs } = this.#parts;
    const ids: number[] = [];
    const steps = [
      ...added.map((file) => async (job: JobHandle) => {
        const id = store.addScene({ files: [file] });
        ids.push(id);
        await this.#hook(job, id, 'Scene.Create.Post', null);
      }),
      ...renamed.map(({ sceneId, path }) => async (job: JobHandle) => {
        this.moveFile(sceneId, path);
        await this.#hook(job, sceneId, 'Scene.Update.Post', null);
      }),
    ];
    const job = jobs.add('Scanning...', async (handle) => {
      const rest = [...steps];
      const worker = async (): Promise<void> => {
        for (let step = rest.shift(); step && !handle.signal.aborted; step = rest.shift()) {
          await step(handle);
        }
      };
      await Promise.all(Array.from({ length: parallelTasks }, worker));
    });
    await job.ended;
    return ids;
  }

  /** Scenes whose files are gone are removed; the hook names the path and not the id. */
  async clean(sceneIds: readonly number[]): Promise<void> {
    const { store, jobs } = this.#parts;
    const job = jobs.add('Cleaning...', async (handle) => {
      for (const id of sceneIds) {
        const scene = store.scene(id);
        if (scene === undefined || handle.signal.aborted) continue;
        store.removeScene(id);
        const input = new Map<string, unknown>([
          ['id', ''],
          ['delete_file', null],
          ['delete_generated', null],
          ...primaryFile(scene),
        ]);
        await this.#hook(handle, id, 'Scene.Destroy.Post', input);
      }
    });
    await job.ended;
  }

  /** No hook, but `updated_at` moves. */
  autoTag(sceneId: number, tagIds: readonly number[]): void {
    const scene = this.#parts.store.scene(sceneId);
    const all = [...new Set([...(scene?.tagIds ?? []), ...tagIds])];
    this.#parts.store.changeScene(sceneId, { tagIds: all }, { touch: true });
  }

  /** The primary file lies elsewhere: no hook, and `updated_at` stays. */
  moveFile(sceneId: number, path: string): void {
    const files = this.#parts.store.scene(sceneId)?.files ?? [];
    const moved = files.map((file, index) => (index === 0 ? { ...file, path } : file));
    this.#parts.store.changeScene(sceneId, { files: moved }, { touch: false });
  }

  async #hook(job: JobHandle, id: number, type: string, input: unknown): Promise<void> {
    const caller = { user: this.#parts.facts.username, signal: job.signal };
    await this.#parts.host.runHooks(caller, { id, type, input, inputFields: [] });
  }
}
