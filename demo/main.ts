// `npm run demo`: the built plugin between both simulators, for people to look at.
import { runLive } from './live.ts';
import { openInstallation } from './installation.ts';
import { runOnce } from './once.ts';
import { type DemoOptions, help, readOptions } from './options.ts';
import { openTerminal } from './terminal.ts';

const onceLimitMs = 30_000;

async function run(options: DemoOptions): Promise<0 | 1> {
  const stopping = new AbortController();
  const stop = stopping.signal;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // Asked twice: not even the summary.
      if (stop.aborted) process.exit(1);
      stopping.abort();
    });
  }
  // Nobody reads any more: `npm run demo | head`, or a closed window.
  process.stdout.on('error', () => stopping.abort());
  const installation = await openInstallation();
  try {
    return options.once
      ? await runOnce(installation, { say: console.log, limitMs: onceLimitMs, stop })
      : await runLive(installation, {
          terminal: openTerminal(process.stdout, !process.env['NO_COLOR']),
          port: options.port,
          seconds: options.seconds,
          stop,
        });
  } finally {
    await installation.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(help);
  else process.exitCode = await run(options);
} catch (error) {
  console.error(
    `The demo could not go on. ${error instanceof Error ? error.message : String(error)}`,
  );
  // At once: what was opened before the error may still hold the program.
  process.exit(1);
}
