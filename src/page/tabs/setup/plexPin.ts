// Signing in with Plex, in the browser: a code is asked for at plex.tv, the person signs in there with
// it, and the token can then be asked for by it. Nothing of it goes through PlexSync.
//
// Source: Plex's own text "Authenticating with Plex" (forums.plex.tv, 609370), and python-plexapi
// myplex.py, `MyPlexPinLogin`. It was tried against a stand-in only, never with plex.tv itself.
import { parsed, textOf, within } from '../../settings/read.ts';

const address = 'https://plex.tv/api/v2/pins';
const product = 'PlexSync';
const storageKey = 'plexsync-client';

export interface Pin {
  readonly id: number;
  readonly code: string;
  /** Where the person signs in. */
  readonly url: string;
}

/** @returns null where this browser does not reach plex.tv, or gets something else from there */
export async function askForPin(signal: AbortSignal): Promise<Pin | null> {
  const client = clientIdentifier();
  const answer = await ask(`${address}?strong=true`, 'POST', signal);
  const pin = { id: Number(within(answer, 'id')), code: textOf(within(answer, 'code')) };
  if (!Number.isInteger(pin.id) || pin.code === '') return null;
  const query = new URLSearchParams({
    clientID: client,
    code: pin.code,
    'context[device][product]': product,
  });
  return { ...pin, url: `https://app.plex.tv/auth#?${query.toString()}` };
}

/** @returns null while the person has not signed in */
export async function askForToken(
  { id, code }: Pick<Pin, 'id' | 'code'>,
  signal: AbortSignal,
): Promise<string | null> {
  const query = new URLSearchParams({ code });
  const answer = await ask(`${address}/${id}?${query.toString()}`, 'GET', signal);
  return textOf(within(answer, 'authToken')) || null;
}

async function ask(url: string, method: 'GET' | 'POST', signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: {
        accept: 'application/json',
        'X-Plex-Product': product,
        'X-Plex-Client-Identifier': clientIdentifier(),
      },
      signal,
    });
    return response.ok ? parsed(await response.text()) : null;
  } catch {
    return null;
  }
}

/** One per browser: Plex lists each as a device. */
function clientIdentifier(): string {
  const known = stored();
  if (known !== null) return known;
  // `randomUUID` is there on https pages only.
  const made = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  try {
    window.localStorage.setItem(storageKey, made);
  } catch {
    // Then it is another one next time.
  }
  fallback = made;
  return made;
}
let fallback: string | null = null;

function stored(): string | null {
  try {
    return window.localStorage.getItem(storageKey) ?? fallback;
  } catch {
    return fallback;
  }
}
