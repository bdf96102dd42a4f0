// A plugin that runs, and the two ways in which Stash lets go of it: it has ended, or whoever asked
// has gone and it is killed without a warning (stashapp/stash pkg/plugin/plugins.go waitForTask).
import type { RunRecord } from '../recorder.ts';
import { type PluginOutput, pluginOutput } from './output.ts';
import type { PluginProcess } from './process.ts';

export type RunEnd = Pick<RunRecord, 'exitCode' | 'signal' | 'stdout' | 'cancelled'>;

/** Its output comes when it has ended by itself, or was killed and is gone. */
export class RunningPlugin {
  readonly output: Promise<PluginOutput>;
  readonly #process: PluginProcess;
  readonly #signal: AbortSignal;
  #cancelled = false;

  constructor(process: PluginProcess, signal: AbortSignal, onEnd: (end: RunEnd) => void) {
    this.#process = process;
    this.#signal = signal;
    this.output = process.ended.then((end) => {
      onEnd({ ...end, cancelled: this.#cancelled });
      return pluginOutput(end);
    });
  }

  /** True when `done` came first, false when the signal did and the process was killed. */
  async endedOrKilled(done: Promise<unknown>): Promise<boolean> {
    const aborted = Promise.withResolvers<false>();
    const onAbort = (): void => aborted.resolve(false);
    if (this.#signal.aborted) onAbort();
    this.#signal.addEventListener('abort', onAbort, { once: true });
    const isEnded = await Promise.race([done.then(() => true), aborted.promise]);
    this.#signal.removeEventListener('abort', onAbort);
    if (!isEnded) {
      this.#cancelled = true;
      this.#process.kill();
    }
    return isEnded;
  }
}
