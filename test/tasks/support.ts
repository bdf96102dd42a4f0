// Operations and tasks asked for as Stash does: a real process that is given the envelope.
import * as v from 'valibot';
import { expect } from 'vitest';
import type { Place } from '../cli/support.ts';

const answerSchema = v.union([
  v.strictObject({ output: v.unknown() }),
  v.strictObject({ error: v.string() }),
]);
export const secrets = ['cookie-of-the-session', 'key-of-stash-s-api'];

export interface Answered {
  readonly code: number | null;
  /** Of stdout: the one document that Stash reads. */
  readonly output: unknown;
  readonly error: string | null;
  /** Lines for Stash's log, without their marks. */
  readonly log: readonly string[];
}

/** Runs an operation as Stash does; with a task's name, that task. */
export async function ask(
  place: Place,
  args: object,
  task: string | null = null,
): Promise<Answered> {
  const envelope = {
    server_connection: {
      Scheme: 'http',
      Host: '127.0.0.1',
      Port: 9999,
      SessionCookie: { Name: 'session', Value: secrets[0] },
      Dir: place.config,
      PluginDir: place.plugin,
    },
    args,
  };
  const { code, stdout, stderr } = await place.call(
    task === null ? ['operation'] : ['task', task],
    { input: JSON.stringify(envelope) },
  );
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  const answer = v.parse(answerSchema, JSON.parse(stdout));
  return {
    code,
    output: 'output' in answer ? answer.output : undefined,
    error: 'error' in answer ? answer.error : null,
    log: stderr.split('\n').flatMap((line) => line.slice(3) || []),
  };
}
