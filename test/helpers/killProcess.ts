// Ends a process of a test's. Number 0, as an empty or missing pid file reads, would be all of the runner's.

/** @throws RangeError if that is no process of a test's */
export function killProcess(
  pid: number | null | undefined,
  signal: NodeJS.Signals = 'SIGKILL',
): void {
  if (pid === null || pid === undefined || !Number.isSafeInteger(pid) || pid < 2) {
    throw new RangeError(`${String(pid)} is no process to send ${signal} to`);
  }
  process.kill(pid, signal);
}
