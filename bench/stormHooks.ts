// The storm itself: one hook process per scene, several at once, some killed at a random moment.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Ended, startProcess } from './processes.ts';
import { shuffled } from './statistics.ts';

export interface Blow extends Ended {
  readonly sceneId: number;
}

export interface StormPlan {
  readonly parallel: number;
  /** How many are to die by SIGKILL. */
  readonly kills: number;
}

export interface StormScene {
  readonly sceneId: number;
  /** What the hook reads. */
  readonly payloadPath: string;
}

export interface StormStash {
  readonly environment: NodeJS.ProcessEnv;
  /** The change that the hook tells of. */
  change(sceneId: number): void;
}

/** Runs the command once per scene. Only the process itself is killed, as Stash does. */
export async function runStorm(
  scenes: readonly StormScene[],
  command: readonly string[],
  { parallel, kills }: StormPlan,
  stash: StormStash,
): Promise<readonly Blow[]> {
  const blows: Blow[] = [];
  const waiting = [...scenes];
  const killer = new Worker(new URL('killer.ts', import.meta.url));
  await once(killer, 'message');
  // The last hooks are left out at first, for kills that came too late to be made up for.
  const early = shuffled([...scenes.keys()].slice(0, Math.ceil(scenes.length * 0.8)), Math.random);
  const targets = new Set(early.slice(0, kills));
  let owed = 0;
  // Kills are to meet any moment of a hook's life, so some come too late.
  let spanMs = 8;
  const strike = async ({ sceneId, payloadPath }: StormScene, number: number): Promise<void> => {
    const isOwed = owed > 0 && !targets.has(number);
    if (isOwed) owed -= 1;
    const isTarget = isOwed || targets.has(number);
    stash.change(sceneId);
    const { child, ended } = startProcess(command, payloadPath, stash.environment);
    if (isTarget) killer.postMessage({ pid: child.pid, afterMs: Math.random() * spanMs });
    const end = await ended;
    const isMissed = isTarget && end.signal === null;
    if (isMissed) owed += 1;
    if (isTarget) spanMs *= isMissed ? 0.85 : 1.1;
    blows.push({ sceneId, ...end });
  };
  const gust = async (): Promise<void> => {
    for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
      await strike(scene, scenes.length - waiting.length - 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, gust));
    return blows;
  } finally {
    await killer.terminate();
  }
}
