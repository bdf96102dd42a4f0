// The simulator as a process of its own, so that plugins have a parent whose life they can tell:
//   node simulators/stash/main.ts '{"directory": "/tmp/stash"}'
// Prints one line of JSON once it listens. Calls come as POST to `controlUrl`, see control.ts.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { deserialize } from 'node:v8';
import * as v from 'valibot';
import { type Calls, controlCalls } from './control.ts';
import { isRecord } from './goFormats.ts';
import { startStashSimulator } from './server.ts';
import type { StoreSnapshot } from './store/store.ts';

const optionsSchema = v.strictObject({
  directory: v.string(),
  port: v.exactOptional(v.number()),
  host: v.exactOptional(v.string()),
  login: v.exactOptional(v.object({ username: v.string(), password: v.string() })),
  apiKey: v.exactOptional(v.string()),
  maxSessionAgeSeconds: v.exactOptional(v.number()),
  https: v.exactOptional(v.object({ cert: v.string(), key: v.string() })),
  relativePluginDir: v.exactOptional(v.boolean()),
  version: v.exactOptional(v.string()),
  env: v.exactOptional(v.record(v.string(), v.string())),
  externalHost: v.exactOptional(v.string()),
  libraryPaths: v.exactOptional(v.array(v.string())),
  logDelayMs: v.exactOptional(v.number()),
  utcOffsetMinutes: v.exactOptional(v.number()),
  /** Where `saveState` of an earlier life has left the library; may be missing. */
  stateFile: v.exactOptional(v.string()),
  /** Ends when its stdin does, so that it cannot outlive a test that was killed. */
  exitWithParent: v.exactOptional(v.boolean()),
});

const { stateFile, exitWithParent, ...options } = v.parse(
  optionsSchema,
  JSON.parse(process.argv[2] ?? '{}'),
);
const simulator = await startStashSimulator(options);
if (stateFile !== undefined && existsSync(stateFile)) {
  const state: unknown = deserialize(readFileSync(stateFile));
  if (!isSnapshot(state)) throw new Error(`${stateFile} is no state of this simulator`);
  simulator.store.restore(state);
}

const calls = controlCalls(simulator);
const control = createServer((request, response) => {
  void answer(request, calls).then((text) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
  });
});
control.listen(0, '127.0.0.1', () => {
  const address = control.address();
  const port = isRecord(address) ? String(address['port']) : '';
  const { url, graphqlUrl, directory, pluginsPath } = simulator;
  const line = {
    url,
    graphqlUrl,
    directory,
    pluginsPath,
    port: simulator.port,
    controlUrl: `http://127.0.0.1:${port}`,
    pid: process.pid,
  };
  console.log(JSON.stringify(line));
});

process.once('SIGTERM', () => void end());
if (exitWithParent === true) process.stdin.once('end', () => void end()).resume();

/** Plugin processes that still run are left alone, as Stash leaves them. */
async function end(): Promise<void> {
  await simulator.close();
  process.exit(0);
}

async function answer(request: IncomingMessage, known: Calls): Promise<string> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { call, args } = v.parse(
      v.object({ call: v.string(), args: v.optional(v.array(v.unknown()), []) }),
      body,
    );
    const run = known[call];
    if (run === undefined) throw new Error(`there is no call ${call}`);
    const result: unknown = await run(args[0], args[1]);
    return JSON.stringify({ result: result ?? null });
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
  }
}

function isSnapshot(value: unknown): value is StoreSnapshot {
  return isRecord(value) && value['format'] === 'stash-simulator-1';
}
