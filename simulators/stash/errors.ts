// The one error of the simulator that becomes a GraphQL error: its message is what Stash would say.

export class StashError extends Error {
  override readonly name = 'StashError';
}
