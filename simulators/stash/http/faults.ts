// What can be wrong with Stash's answers, as switches for tests.

export type Fault =
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Answers with this and does nothing, e.g. a 502 of a proxy in front. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
    }
  /** Does what was asked, then sends half of the answer and drops the connection. */
  | { readonly kind: 'cut' }
  /** Answers as it should, so much later. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** A GraphQL error in place of data, e.g. `database is locked`; nothing is done. */
  | { readonly kind: 'graphql-error'; readonly message: string };

/** The fault in force, for every request or for the next few. */
export class Faults {
  #fault: Fault | undefined;
  #left = 0;
  #onlyWith = '';

  /** `times` absent = until cleared; `onlyWith` = requests whose body has this text. */
  set(fault: Fault, times = Number.POSITIVE_INFINITY, onlyWith = ''): void {
    this.#fault = fault;
    this.#left = times;
    this.#onlyWith = onlyWith;
  }

  clear(): void {
    this.#fault = undefined;
  }

  /** The fault of the request that has just come in. */
  take(body: string): Fault | undefined {
    if (this.#fault === undefined || this.#left <= 0) return undefined;
    if (!body.includes(this.#onlyWith)) return undefined;
    this.#left -= 1;
    return this.#fault;
  }
}
