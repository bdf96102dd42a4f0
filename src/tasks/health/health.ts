// "Health check": a real pair of servers step by step, with what is wrong and what to do about it.
// It changes nothing, in Stash, in Plex or in the queue.
import { existsSync } from 'node:fs';
import { noArguments } from '../../contract/arguments.ts';
import type { PlexSyncError } from '../../contract/errors.ts';
import type { HealthAnswer, HealthStep } from '../../contract/health.ts';
import type { Settings } from '../../contract/settings.ts';
import * as state from '../../store/file/state.ts';
import { readState } from '../../store/file/state.ts';
import { connectToPlex } from '../../sync/servers/configuration.ts';
import { settingsFileOf } from '../../sync/servers/typedSettings.ts';
import { readStatus } from '../../sync/tell/status.ts';
import type { TaskContext } from '../context.ts';
import type { Operation } from '../operation.ts';
import { clocksStep, type Lead, leadOf } from './clocks.ts';
import { checkData, checkNode } from './machine.ts';
import { checkPlex, skipPlex } from './plex.ts';
import { checkStash } from './stash.ts';
import { fail } from './step.ts';
import { checkViewer } from './viewer.ts';
import { checkFailures, checkMappings, checkPushing, checkSpool, checkWorker } from './work.ts';

export const health: Operation<object, HealthAnswer> = {
  arguments: noArguments,
  perform: async (context) => {
    const answer = summed(await allSteps(context));
    for (const line of problemLines(answer)) context.say(line);
    context.say(answer.sentence);
    return answer;
  },
};

/** Where the data file cannot be opened, there is nothing to ask the servers with. */
export function healthWithoutStore(path: string, error: PlexSyncError): HealthAnswer {
  const data = checkData(path);
  const wayOut =
    error.code === 'store-newer'
      ? 'Install that version of PlexSync again.'
      : 'Let the user that Stash runs as read and write the data directory and the files in it; call this as that user.';
  const ground = data.state !== 'fail' ? fail('data', error.message, wayOut) : data;
  return summed([ground, checkNode(process.versions.node)]);
}

/** @param progress is told after each part, 0 to 1 */
async function allSteps(context: TaskContext): Promise<readonly HealthStep[]> {
  const { db, directory, version, now, progress } = context;
  const ground = [checkData(directory.path), checkNode(process.versions.node)];
  progress(0.1);
  const stash = await checkStash(db);
  progress(0.4);
  const plex =
    stash.settings === null
      ? skipPlex('the settings could not be read')
      : await checkPlexOf(context, stash.settings);
  progress(0.8);
  const clocks = clocksStep(await leads(context, stash.settings));
  const status = readStatus(db, directory, version, now);
  return [
    ...ground,
    ...stash.steps,
    ...plex,
    checkMappings(db),
    checkSpool(directory, now),
    checkWorker(directory, status, settingsFileOf(db) !== null),
    checkPushing(status, now),
    checkFailures(status),
    clocks,
  ];
}

async function checkPlexOf(
  { db, version }: TaskContext,
  settings: Settings,
): Promise<readonly HealthStep[]> {
  const plex = connectToPlex(db, settings, version);
  try {
    return [
      ...(await checkPlex(plex, settings, { inContainer: isInContainer() })),
      ...(await checkViewer(db, settings, version)),
    ];
  } finally {
    await plex.close();
  }
}

/** Docker and Podman leave these files in every container. */
function isInContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

async function leads(
  { db }: TaskContext,
  settings: Settings | null,
): Promise<Readonly<Record<string, Lead>>> {
  const stash = readState(db, state.connection);
  const asked = async (url: string | null): Promise<Lead> =>
    url === null ? null : await leadOf(url);
  const [ofStash, ofPlex] = await Promise.all([
    asked(stash === null ? null : `${stash.scheme}://${hostOf(stash.host)}:${stash.port}/healthz`),
    asked(settings === null ? null : `${settings.plexUrl}/identity`),
  ]);
  return { Stash: ofStash, Plex: ofPlex };
}

function hostOf(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

export function summed(steps: readonly HealthStep[]): HealthAnswer {
  const of = (wanted: HealthStep['state']): readonly string[] =>
    steps.filter(({ state }) => state === wanted).map(({ name }) => name);
  const failed = of('fail');
  const warned = of('warn');
  const looked = steps.length - of('skipped').length;
  const hints = warned.length === 0 ? '' : ` Worth a look: ${warned.join(', ')}.`;
  const sentence =
    failed.length === 0
      ? `Nothing is wrong: ${looked} things were looked at.${hints}`
      : `Wrong: ${failed.join(', ')}.${hints}`;
  return { healthy: failed.length === 0, sentence, steps: [...steps] };
}

/** What wants a person's attention, for Stash's log: failures first. */
export function problemLines({ steps }: HealthAnswer): readonly string[] {
  const lines = (state: HealthStep['state']): readonly string[] =>
    steps
      .filter((step) => step.state === state)
      .map(
        ({ name, finding, wayOut }) => `${name}: ${finding}${wayOut === null ? '' : ` ${wayOut}`}`,
      );
  return [...lines('fail'), ...lines('warn')];
}
