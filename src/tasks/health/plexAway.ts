// What a person can do about a Plex that could not be used, from how it failed. Pure.
import type { PlexSyncError } from '../../contract/errors.ts';

export interface Surroundings {
  /** PlexSync, and so Stash, runs in a container. */
  readonly inContainer: boolean;
}

type Failure = Pick<PlexSyncError, 'code' | 'cause'>;

const seePlexUrl = 'in the setting plexUrl';

/** @param url the setting plexUrl */
export function wayOutOf(error: Failure, url: string, { inContainer }: Surroundings): string {
  const { hostname, protocol } = new URL(url);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  const reason = error.cause instanceof Error ? error.cause.message : '';
  switch (error.code) {
    case 'plex-unreachable':
      return isLocal && reason === 'ECONNREFUSED'
        ? ofLocalhost(hostname, inContainer)
        : ofUnreachable(reason, hostname, protocol);
    case 'plex-connect-timeout':
      return `Nothing answers there: is the address ${seePlexUrl} right, is the machine on, and does no firewall stand between?`;
    case 'plex-maintenance':
      return 'Wait: Plex starts up, or brings its database up to date. PlexSync goes on by itself.';
    case 'plex-header-timeout':
    case 'plex-body-timeout':
    case 'plex-reset':
    case 'plex-server-error':
      return 'Look into Plex’s own log, and start Plex again if it stays so.';
    case 'plex-rate-limited':
      return 'Wait: Plex, or a proxy before it, asked to be left alone for a while.';
    case 'plex-unauthorized':
    case 'plex-not-found':
    case 'plex-bad-request':
    case 'plex-bad-answer':
      return `Something else than Plex answers there. Check the port ${seePlexUrl}: Plex’s is 32400 as a rule. Behind a proxy, its path belongs into the address.`;
    default:
      return `Check the address ${seePlexUrl}. "plexsync find-plex" looks for Plex.`;
  }
}

function ofLocalhost(hostname: string, inContainer: boolean): string {
  const address = `Type the address of the machine that Plex runs on ${seePlexUrl}, or the name of Plex’s container if both share a network.`;
  return inContainer
    ? `Stash runs in a container, where ${hostname} is the container itself. ${address}`
    : `No Plex listens at ${hostname}. Start it; or if Stash runs in Docker, ${hostname} is Stash’s own container: ${address}`;
}

function ofUnreachable(reason: string, hostname: string, protocol: string): string {
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') {
    return `The name ${hostname} is not known on Stash’s machine. Check its spelling ${seePlexUrl}, or type the number of the address instead.`;
  }
  if (protocol === 'https:' && /CERT|SIGN|SSL|EPROTO/.test(reason)) {
    return `Type http:// instead of https:// ${seePlexUrl}, which does inside the house; or the name that the certificate is made for, which for Plex’s own ends in plex.direct.`;
  }
  if (reason === 'ECONNREFUSED') {
    return `Start Plex; if it runs, check address and port ${seePlexUrl} (32400 as a rule). "plexsync find-plex" looks for it.`;
  }
  return `Check the address ${seePlexUrl} and the network between the two machines. "plexsync find-plex" looks for Plex.`;
}
