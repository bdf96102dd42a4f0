// The program: what the launcher and the supervisor start, and what a person can call in a terminal.
import { basename, dirname, join, resolve } from 'node:path';
import { toPlexSyncError } from '../contract/errors.ts';

declare const PLEXSYNC_VERSION: string;

const usage = `PlexSync ${PLEXSYNC_VERSION}

  node plex-sync.cjs status <data directory>   what waits, what failed, how Plex is
  node plex-sync.cjs worker <data directory>   push what waits, until nothing does

The data directory is the folder plex-sync beside Stash's config.yml.
Stash itself calls launch.sh, which calls: task <name>, operation.
`;

const programPath = resolve(process.argv[1] ?? '');

async function main(args: readonly string[]): Promise<number> {
  const [command, argument] = args;
  switch (command) {
    case 'task':
    case 'operation': {
      const { runStashCall } = await import('../tasks/stashCall.ts');
      const task = command === 'task' ? (argument ?? '') : null;
      return await runStashCall({ task, version: PLEXSYNC_VERSION, programPath });
    }
    case 'worker':
      return argument === undefined ? wrongUsage() : await work(argument);
    case 'status': {
      if (argument === undefined) return wrongUsage();
      const { printStatus } = await import('./status.ts');
      return printStatus(argument, PLEXSYNC_VERSION);
    }
    case '--help':
    case 'help':
      console.log(usage);
      return 0;
    default:
      return wrongUsage();
  }
}

async function work(dataDirectory: string): Promise<number> {
  const { runWorker } = await import('../sync/worker.ts');
  const { trueDataDirectory } = await import('../sync/emergencySpool.ts');
  const { wake } = await import('../sync/wake.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  const folder = dirname(programPath);
  const given = resolve(dataDirectory);
  const standsIn = given === join(folder, 'data');
  const linger = process.env['PLEXSYNC_LINGER_MS'];
  return await runWorker({
    dataDirectory: standsIn ? trueDataDirectory(given) : given,
    version: PLEXSYNC_VERSION,
    programPath,
    ...(linger === undefined ? {} : { lingerMs: Number(linger) }),
    stop: stop.signal,
    // Started by a person there is no supervisor, and the person's shell must not be taken for one.
    supervisorPid: () => (process.env['PLEXSYNC_SUPERVISED'] === '1' ? process.ppid : null),
    supervisorGone: () => {
      wake(folder, given);
    },
  });
}

function wrongUsage(): number {
  process.stderr.write(usage);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(`${basename(programPath)}: ${toPlexSyncError(error).message}\n`);
    process.exit(1);
  },
);
