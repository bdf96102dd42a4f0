// What each cause of a failure and each reason of a scene without an item means for a person, and
// the way out: one plain sentence each.
import { type ErrorCode, errorCodes } from './errors.ts';

export interface Cause {
  readonly meaning: string;
  readonly wayOut: string;
}

const byItself = 'Nothing to do: it is tried again by itself';
const plexLog = 'look into Plex’s own log, and retry it once that is put right';

export const errorCauses: Readonly<Record<ErrorCode, Cause>> = {
  'plex-unreachable': {
    meaning: 'Plex cannot be reached at the address in plexUrl.',
    wayOut:
      'See that Plex runs and that plexUrl is right; where Stash runs in Docker, localhost is Stash’s own container, so use the address of the machine.',
  },
  'plex-connect-timeout': {
    meaning: 'Nothing at the address in plexUrl took the connection in time.',
    wayOut:
      'See that the machine of Plex is on, that the port is right and that no firewall is in between.',
  },
  'plex-header-timeout': {
    meaning: 'Plex took the request and did not answer in time.',
    wayOut: `${byItself}; if it goes on, raise plexWriteTimeout or plexReadTimeout.`,
  },
  'plex-body-timeout': {
    meaning: 'Plex began to answer and stopped in the middle.',
    wayOut: `${byItself}; if it goes on, look at the network between Stash and Plex.`,
  },
  'plex-reset': {
    meaning: 'The connection to Plex ended in the middle of a request.',
    wayOut: `${byItself}; if it goes on, Plex crashes: look into its own log.`,
  },
  'plex-maintenance': {
    meaning: 'Plex is starting, or busy with its own maintenance.',
    wayOut: `${byItself} when Plex is ready.`,
  },
  'plex-unauthorized': {
    meaning: 'Plex refused the token.',
    wayOut: 'Put a token of the server’s owner into plexToken: the old one was signed out.',
  },
  'plex-not-found': {
    meaning: 'Plex does not have the item any more.',
    wayOut: 'Have Plex scan the library; then save the scene again, or retry it.',
  },
  'plex-bad-request': {
    meaning: 'Plex refused what was written.',
    wayOut: 'Look at the scene for something unusual, change it and save it, or retry it.',
  },
  'plex-rate-limited': {
    meaning: 'Plex asked to be left alone for a while.',
    wayOut: `${byItself} after that time.`,
  },
  'plex-server-error': {
    meaning: 'Plex failed at this item while others went well.',
    wayOut: `Open the item in Plex: if it fails there too, ${plexLog}.`,
  },
  'plex-bad-answer': {
    meaning: 'What answered is not what Plex says, or was cut off.',
    wayOut: 'See that plexUrl leads to Plex itself and not to a login page or another program.',
  },
  'plex-not-confirmed': {
    meaning: 'Plex accepted the change twice and does not show it.',
    wayOut:
      'See in Plex whether the field can be edited there by hand; then retry it, or switch the field off with the setting fields.',
  },
  'stash-unreachable': {
    meaning: 'Stash cannot be reached.',
    wayOut: 'See that Stash runs; the next save tells PlexSync its address anew.',
  },
  'stash-timeout': {
    meaning: 'Stash did not answer in time.',
    wayOut: `${byItself}; a long scan or a slow disk may be why.`,
  },
  'stash-unauthorized': {
    meaning: 'Stash does not let PlexSync in any more.',
    wayOut: 'Make an API key in Stash under Settings > Security, and save a scene.',
  },
  'stash-bad-answer': {
    meaning: 'Stash answered something that PlexSync does not understand.',
    wayOut: 'See that the address leads to Stash itself, and that Stash is 0.27 or later.',
  },
  'stash-query-failed': {
    meaning: 'Stash answered with an error when this scene was read.',
    wayOut: 'Open the scene in Stash: if that fails too, look into Stash’s log; then retry it.',
  },
  'scene-invalid': {
    meaning: 'A field of the scene has a form that it should not have.',
    wayOut: 'Put right the field that the message names, and save the scene.',
  },
  'edit-invalid': {
    meaning:
      'What was to be written to Plex has a form that it should not have, so it was not sent.',
    wayOut: 'Put right what the message names in Stash; else please report it.',
  },
  'image-too-large': {
    meaning: 'The cover is larger than the 10 MB that Plex takes.',
    wayOut: 'Give the scene a smaller cover in Stash.',
  },
  'image-unsupported': {
    meaning: 'The cover is of a kind that Plex does not show.',
    wayOut: 'Give the scene a cover that is a JPEG, PNG, WebP or GIF.',
  },
  'config-invalid': {
    meaning: 'A setting is missing or wrong.',
    wayOut: 'Put right what the status names, under Settings > Plugins > PlexSync.',
  },
  'store-newer': {
    meaning: 'The data file is of a later version of PlexSync.',
    wayOut: 'Install that version again, or a later one.',
  },
  'store-failed': {
    meaning: 'The data file cannot be read or written.',
    wayOut: 'See that the disk is not full and that Stash’s user may write into the folder.',
  },
  'spool-failed': {
    meaning: 'What Stash handed over cannot be kept on the disk.',
    wayOut: 'See that the disk is not full and that Stash’s user may write into the folder.',
  },
  'bad-arguments': {
    meaning: 'PlexSync was called in a way that cannot be meant.',
    wayOut: 'The message says which argument is wrong; plexsync --help lists all.',
  },
  internal: {
    meaning: 'Something in PlexSync itself failed.',
    wayOut: 'Retry it; if it fails again, please report it with the line from plex-sync.log.',
  },
};

/** Reasons for which a scene has no item. `gone` is shown nowhere: the scene does not exist. */
export const noItemCauses = {
  'no-file': {
    because: 'Stash has no file for it',
    wayOut: 'Have Stash scan the folder of the file, if there should be one.',
  },
  outside: {
    because: 'its files lie outside the Plex libraries that are kept in step',
    wayOut:
      'Right for files that Plex should not have; else look at plexLibraries, and at the folders with plexsync mappings.',
  },
  waiting: {
    because: 'Plex has not scanned its file yet',
    wayOut: 'Have Plex scan the library, or switch on askPlexToScan; it is then pushed by itself.',
  },
  review: {
    because: 'a person has to choose the item',
    wayOut: 'Choose with plexsync review and plexsync pin.',
  },
  excluded: {
    because: 'it was excluded by choice',
    wayOut: 'Take the choice back with plexsync unpin.',
  },
  gated: {
    because: 'the settings keep it out of Plex',
    wayOut:
      'Right if you meant it; else look at onlyOrganized, onlyWithTags and neverWithTags, or at the tags of the scene.',
  },
  gone: { because: 'it is gone from Stash', wayOut: 'Nothing to do.' },
} as const;

export const waitingReasons = [
  'no-file',
  'outside',
  'waiting',
  'review',
  'excluded',
  'gated',
] as const;
export const reviewReasons = [
  'unsure',
  'several-items',
  'several-scenes',
  'taken',
  'pin-gone',
] as const;

/** One of another version of PlexSync means what it is called. */
export function causeOf(code: string): Cause {
  const known = errorCodes.find((one) => one === code);
  return known === undefined ? { meaning: `${code}.`, wayOut: '' } : errorCauses[known];
}

export function causeOfWaiting(reason: string): Cause {
  const causes: Readonly<Record<string, { readonly because: string; readonly wayOut: string }>> =
    noItemCauses;
  const known = Object.hasOwn(causes, reason) ? causes[reason] : undefined;
  if (known === undefined) return { meaning: `${reason}.`, wayOut: '' };
  const { because, wayOut } = known;
  return { meaning: `${because[0]?.toUpperCase() ?? ''}${because.slice(1)}.`, wayOut };
}

/** What an outage may give up wrongly: nothing of it is known to be the scene's own fault. */
export const transientCodes = [
  'plex-unreachable',
  'plex-connect-timeout',
  'plex-header-timeout',
  'plex-body-timeout',
  'plex-reset',
  'plex-maintenance',
  'plex-rate-limited',
  'plex-server-error',
  'plex-bad-answer',
] as const satisfies readonly ErrorCode[];
