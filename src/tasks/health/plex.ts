// Steps "plex", "token", "owner" and "libraries": each is asked only if the one before went well.
import type { HealthStep } from '../../contract/health.ts';
import { isPlexSyncError, type PlexSyncError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/settings.ts';
import { chooseLibraries } from '../../domain/match/libraryChoice.ts';
import type { PlexSection } from '../../domain/base/plexItem.ts';
import type { PlexClient } from '../../plex/client.ts';
import { type Surroundings, wayOutOf } from './plexAway.ts';
import { fail, ok, skipped, warn } from './step.ts';

const names = ['plex', 'token', 'owner', 'libraries'] as const;

export function skipPlex(because: string): readonly HealthStep[] {
  return names.map((name) => skipped(name, because));
}

export async function checkPlex(
  plex: PlexClient,
  settings: Settings,
  surroundings: Surroundings,
): Promise<readonly HealthStep[]> {
  const { plexUrl } = settings;
  const failed = (name: string, error: PlexSyncError): HealthStep =>
    fail(name, error.message, wayOutOf(error, plexUrl, surroundings));

  const there = await tried(() => plex.identity());
  if (there.kind === 'failed') {
    return [failed('plex', there.error), ...skipPlex('Plex cannot be used').slice(1)];
  }
  const reached = ok('plex', `Plex ${there.value.version} answers at ${plexUrl}.`);

  const server = await tried(() => plex.server());
  if (server.kind === 'failed') {
    const step = isRefusal(server.error)
      ? fail('token', server.error.message, newToken)
      : failed('token', server.error);
    return [reached, step, ...skipPlex('Plex does not take the token').slice(2)];
  }
  const { friendlyName } = server.value;
  const token = ok('token', `Plex takes the token; it calls itself "${friendlyName}".`);
  const owner = ownerStep(await tried(() => plex.askAsOwner()));

  const sections = await tried(() => plex.sections());
  const libraries =
    sections.kind === 'failed'
      ? failed('libraries', sections.error)
      : librariesStep(sections.value, settings);
  return [reached, token, owner, libraries];
}

const newToken =
  'Type the token of the Plex server’s owner in the setting plexToken. Plex shows it at the end of the address of Get Info > View XML of any item.';

type Tried<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: PlexSyncError };

async function tried<T>(call: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'answered', value: await call() };
  } catch (error) {
    if (!isPlexSyncError(error) || !error.code.startsWith('plex-')) throw error;
    return { kind: 'failed', error };
  }
}

function isRefusal({ code }: PlexSyncError): boolean {
  return code === 'plex-unauthorized';
}

function ownerStep(asked: Tried<void>): HealthStep {
  if (asked.kind === 'answered') return ok('owner', 'The token is the server owner’s.');
  if (isRefusal(asked.error)) {
    return fail('owner', 'The token is not the server owner’s: it may read, not write.', newToken);
  }
  const finding = `Whether the token is the owner’s could not be told: ${asked.error.message}`;
  return warn('owner', finding);
}

function librariesStep(all: readonly PlexSection[], settings: Settings): HealthStep {
  const { sections, problems, warnings } = chooseLibraries(all, settings.plexLibraries);
  if (problems.length > 0) {
    const finding = problems.map(({ setting, message }) => `${setting} ${message}`).join(' ');
    return fail(
      'libraries',
      finding,
      'Put the setting plexLibraries right, or the library in Plex.',
    );
  }
  const used = `PlexSync works with ${sections.map(({ title }) => `"${title}"`).join(', ')}.`;
  if (warnings.length === 0) return ok('libraries', used);
  // Each says itself what to do.
  return warn('libraries', [used, ...warnings.map(({ message }) => message)].join(' '));
}
