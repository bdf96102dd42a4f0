// The program: what the launcher and the supervisor start, and what a person can call in a terminal.
import { basename, dirname, join, resolve } from 'node:path';
import { toPlexSyncError } from '../contract/errors.ts';

declare const PLEXSYNC_VERSION: string | undefined;

/** The build puts it in; from the source there is none. */
const version = typeof PLEXSYNC_VERSION === 'string' ? PLEXSYNC_VERSION : '0.0.0-source';
const programPath = resolve(process.argv[1] ?? '');

async function main(args: readonly string[]): Promise<number> {
  const [command, argument] = args;
  switch (command) {
    case 'task':
    case 'operation': {
      const { runStashCall } = await import('../tasks/stashCall.ts');
      const task = command === 'task' ? (argument ?? '') : null;
      return await runStashCall({ task, version, programPath });
    }
    case 'keep': {
      // Of windows.cjs, where Node is too old for anything else: an event, and why.
      const { keepAlone } = await import('../sync/process/launch.ts');
      return keepAlone(programPath, argument ?? '');
    }
    case 'launch': {
      // Of windows.cjs.
      const { captureHook, wanted } = await import('../sync/process/launch.ts');
      const asked = wanted(args.slice(1));
      if (asked.kind === 'hook') return captureHook(programPath);
      const { runStashCall } = await import('../tasks/stashCall.ts');
      return await runStashCall({
        task: asked.kind === 'task' ? asked.name : null,
        version,
        programPath,
      });
    }
    case 'watch': {
      const { runWatch } = await import('./watch.ts');
      return await runWatch(args.slice(1), { version, programPath });
    }
    case 'worker': {
      if (argument !== undefined && !argument.startsWith('-')) return await work(argument);
      process.stderr.write('plexsync worker <data directory>: which data directory?\n');
      return 2;
    }
    default: {
      const { runCommandLine } = await import('./commandLine.ts');
      return await runCommandLine(args, { version, programPath });
    }
  }
}

async function work(dataDirectory: string): Promise<number> {
  const { runWorker } = await import('../sync/worker.ts');
  const { openSideWork } = await import('../viewing/sideWork.ts');
  const { trueDataDirectory } = await import('../sync/intake/emergencySpool.ts');
  const { wake } = await import('../sync/process/wake.ts');
  const { openTracingIfWanted } = await import('../trace/wanted.ts');
  const tracing = await openTracingIfWanted(process.env, version);
  if (process.env['PLEXSYNC_SUPERVISED'] === '1') {
    const { keepErrorsSmall } = await import('../sync/process/errorFile.ts');
    keepErrorsSmall();
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  const folder = dirname(programPath);
  const given = resolve(dataDirectory);
  const standIn = join(folder, 'data');
  const directory = given === standIn ? trueDataDirectory(given) : given;
  const linger = process.env['PLEXSYNC_LINGER_MS'];
  const code = await runWorker({
    dataDirectory: directory,
    ...(directory === standIn ? {} : { standIn }),
    version,
    programPath,
    ...(linger === undefined ? {} : { lingerMs: Number(linger) }),
    sideWork: openSideWork,
    ...(tracing === null ? {} : { tracing }),
    stop: stop.signal,
    // Started by a person there is no supervisor, and the person's shell must not be taken for one.
    // On Windows the worker is its own: what starts it is gone at once.
    supervisorPid: () => {
      if (process.platform === 'win32') return process.pid;
      return process.env['PLEXSYNC_SUPERVISED'] === '1' ? process.ppid : null;
    },
    supervisorGone: () => {
      wake(folder, given);
    },
  });
  await tracing?.close();
  return code;
}

/** A pipe takes what it can at once: what is left of a long answer must not be cut off by the end. */
async function written(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise((done) => stream.write('', done));
  }
}

main(process.argv.slice(2)).then(
  async (code) => {
    await written();
    process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(`${basename(programPath)}: ${toPlexSyncError(error).message}\n`);
    process.exit(1);
  },
);
