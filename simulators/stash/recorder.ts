// What the simulator remembers for tests: log lines, plugin runs, what was written to stdin, and
// requests. Each list keeps its newest entries only, so that a long benchmark stays in bounds.
import type { LogLevel } from './plugins/stderrProtocol.ts';

export interface LogRecord {
  readonly at: number;
  readonly level: LogLevel;
  /** Name of the plugin, as in Stash's "[Plugin / name]"; null for lines of Stash itself. */
  readonly plugin: string | null;
  readonly text: string;
}

export type RunKind = 'hook' | 'task' | 'operation';

export interface RunRecord {
  readonly at: number;
  readonly kind: RunKind;
  /** Id of the plugin. */
  readonly plugin: string;
  /** The hook's trigger, the task's name, or ''. */
  readonly type: string;
  /** 0 for tasks and operations. */
  readonly sceneOrEntityId: number;
  readonly pid: number;
  /** From before the process was started until Stash went on. */
  readonly ms: number;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Stash killed the process and did not wait for its end. */
  readonly cancelled: boolean;
}

export interface StdinRecord {
  readonly kind: RunKind;
  readonly plugin: string;
  readonly text: string;
}

export interface AccessRecord {
  readonly at: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As sent, at most 64 KiB of it. */
  readonly body: string;
  /** 0 = the connection ended before the answer did. */
  readonly status: number;
}

export interface Recorder {
  readonly log: LogRecord[];
  readonly runs: RunRecord[];
  readonly stdinSent: StdinRecord[];
  readonly accessLog: AccessRecord[];
}

const limits = { log: 20_000, runs: 200_000, stdinSent: 2_000, accessLog: 20_000 };

export function newRecorder(): Recorder {
  return { log: [], runs: [], stdinSent: [], accessLog: [] };
}

export function record<Kind extends keyof Recorder>(
  recorder: Recorder,
  kind: Kind,
  entry: Recorder[Kind][number],
): void {
  const list: Recorder[Kind][number][] = recorder[kind];
  list.push(entry);
  // Cut rarely and much, since cutting the front of a long list is slow.
  if (list.length > limits[kind] * 1.2) list.splice(0, list.length - limits[kind]);
}
