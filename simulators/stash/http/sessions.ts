// Who is asking: the session cookie, the API key, and Stash's rules for both.
// (stashapp/stash pkg/session/session.go, pkg/session/plugin.go, internal/api/authentication.go)
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isRecord } from '../goFormats.ts';

export interface SessionOptions {
  readonly secret: string;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly apiKey: () => string;
  /** Seconds; 0 = a session never ends. Counted from the time inside the cookie. */
  readonly maxAgeSeconds: number;
  readonly nowMs: () => number;
}

export type Authentication =
  | { readonly kind: 'allowed'; readonly user: string; readonly setCookie: string | undefined }
  /** A wrong API key, or none and no session where a login is wanted. */
  | { readonly kind: 'refused'; readonly wrongKey: boolean };

export interface Credentials {
  readonly cookieHeader: string | undefined;
  readonly apiKey: string | undefined;
}

const cookieName = 'session';

export class Sessions {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get loginWanted(): boolean {
    return this.#options.login !== undefined;
  }

  /**
   * An API key is looked at before the cookie, and a wrong one is refused whatever the cookie
   * says. A valid cookie is renewed with every request; without a login everybody is let in.
   */
  authenticate({ cookieHeader, apiKey }: Credentials): Authentication {
    if (apiKey !== undefined && apiKey !== '') {
      if (apiKey !== this.#options.apiKey()) return { kind: 'refused', wrongKey: true };
      return this.#admit(this.#options.login?.username ?? '', undefined);
    }
    const user = this.#userOf(cookieHeader);
    const renewed = user === undefined ? undefined : this.#setCookie(user);
    return this.#admit(user ?? '', renewed);
  }

  /** The `Set-Cookie` of a new session, or undefined for a wrong name or password. */
  logIn(username: string, password: string): string | undefined {
    const { login } = this.#options;
    if (login?.username !== username || login.password !== password) return undefined;
    return this.#setCookie(username);
  }

  /** The value of a session cookie for this user: what a plugin gets on its stdin. */
  cookieValue(user: string): string {
    const seconds = Math.floor(this.#options.nowMs() / 1000);
    const payload = Buffer.from(JSON.stringify({ userID: user })).toString('base64url');
    const body = Buffer.from(`${seconds}|${payload}|`);
    return padded(Buffer.concat([body, this.#mac(body)]).toString('base64url'));
  }

  #admit(user: string, setCookie: string | undefined): Authentication {
    if (this.loginWanted && user === '') return { kind: 'refused', wrongKey: false };
    return { kind: 'allowed', user, setCookie };
  }

  #userOf(cookieHeader: string | undefined): string | undefined {
    const pair = cookieHeader
      ?.split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${cookieName}=`));
    if (pair === undefined) return undefined;
    const bytes = Buffer.from(pair.slice(cookieName.length + 1), 'base64url');
    const body = bytes.subarray(0, -32);
    const mac = bytes.subarray(-32);
    if (mac.length !== 32 || !timingSafeEqual(mac, this.#mac(body))) return undefined;
    const [seconds = '', payload = ''] = body.toString('utf8').split('|');
    const ageSeconds = this.#options.nowMs() / 1000 - Number(seconds);
    if (this.#options.maxAgeSeconds > 0 && ageSeconds > this.#options.maxAgeSeconds) {
      return undefined;
    }
    const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(content) && typeof content['userID'] === 'string'
      ? content['userID']
      : undefined;
  }

  #setCookie(user: string): string {
    const { maxAgeSeconds, nowMs } = this.#options;
    const expires = new Date(nowMs() + maxAgeSeconds * 1000).toUTCString();
    const life = maxAgeSeconds > 0 ? `; Expires=${expires}; Max-Age=${maxAgeSeconds}` : '';
    return `${cookieName}=${this.cookieValue(user)}; Path=/${life}; SameSite=Lax`;
  }

  #mac(body: Uint8Array): Buffer {
    return createHmac('sha256', this.#options.secret).update(body).digest();
  }
}

/** Go's URL encoding keeps the padding; a cookie value may therefore end in `=`. */
function padded(text: string): string {
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}
