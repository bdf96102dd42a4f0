// "Metrics": the status for Prometheus, as text, or as a file for the node exporter's textfile
// collector. PlexSync opens no port.
import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PlexSyncError, toPlexSyncError } from '../contract/errors.ts';
import {
  type MetricsAnswer,
  metricsArguments,
  type MetricsArguments,
} from '../contract/metrics.ts';
import { metricsOf } from '../domain/words/metrics.ts';
import { prometheusText } from '../domain/words/prometheus.ts';
import { readStatus } from '../sync/tell/status.ts';
import type { Operation } from './operation.ts';

export const metrics: Operation<MetricsArguments, MetricsAnswer> = {
  arguments: metricsArguments,
  perform: ({ db, directory, version, now, caller }, { out }) => {
    // Whoever may call an operation must not choose a file of Stash's user to be written over.
    if (out !== undefined && caller !== 'terminal') {
      const message = 'The argument "out" is for the command line only.';
      throw new PlexSyncError('bad-arguments', message, { field: 'out' });
    }
    const text = prometheusText(metricsOf(readStatus(db, directory, version, now), now));
    if (out === undefined) return { text };
    const file = resolve(out);
    writeWhole(file, text);
    return { file, sentence: `The metrics are in ${file}.` };
  },
};

/**
 * A collector may read at any moment: it finds the old file or the new one. The other name does not
 * end in `.prom`, so that it is never taken for one.
 */
function writeWhole(file: string, text: string): void {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    const there = lstatSync(file, { throwIfNoEntry: false });
    // What is renamed over a device, such as /dev/stdout, is gone for every program of the machine.
    if (there !== undefined && !there.isFile()) throw new TypeError('it is not a plain file');
    writeFileSync(beside, text);
    // The collector is another user, and there is no secret in it. The launcher's umask is stricter.
    chmodSync(beside, 0o644);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    const why = toPlexSyncError(error).message;
    throw new PlexSyncError('bad-arguments', `The file ${file} cannot be written: ${why}`, {
      field: 'out',
      cause: error,
    });
  }
}

/** The answer for a terminal. */
export function metricsLines(answer: MetricsAnswer): readonly string[] {
  return 'text' in answer ? answer.text.trimEnd().split('\n') : [answer.sentence];
}
