/** SQLite lets one writer in at a time: writes wait for each other, reads do not. */
import { setTimeout as sleep } from 'node:timers/promises';

export class WriteQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #life = new AbortController();

  /**
   * Runs `apply` after all earlier writes and after the service time, both in milliseconds, even
   * if the client has gone by then. Rejects when the server goes away before.
   */
  run<Result>(serviceMs: () => number, apply: () => Result): Promise<Result> {
    const { signal } = this.#life;
    const turn = this.#tail.then(async () => {
      signal.throwIfAborted();
      const ms = serviceMs();
      if (ms > 0) await sleep(ms, undefined, { signal });
      return apply();
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** What is waiting is lost, as when a server is killed. */
  crash(): void {
    this.#life.abort();
    this.#life = new AbortController();
  }
}
