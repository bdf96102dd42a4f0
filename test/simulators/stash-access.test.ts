// Who is let in by the simulated Stash, and for how long.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StashSimulator } from '../../simulators/stash/server.ts';
import { fieldOf, seenBy, startStash, temporaryDirectory } from './stashKit.ts';

const login = { username: 'me', password: 'secret' };
const question = JSON.stringify({ query: '{ version { version } }' });

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function trusting(): Agent {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.close());
  return agent;
}

async function ask(
  stash: StashSimulator,
  headers: Record<string, string> = {},
  path = '/graphql',
): Promise<Answer> {
  const answer = await request(`${stash.url}${path}`, {
    dispatcher: trusting(),
    headers: { 'content-type': 'application/json', ...headers },
    ...(path.startsWith('/graphql') ? { method: 'POST', body: question } : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

function cookieOf(answer: Answer): string {
  return /^session=[^;]+/.exec(String(answer.headers['set-cookie']))?.[0] ?? '';
}

describe('without a login', () => {
  test('everybody is let in', async () => {
    const stash = await startStash();
    expect((await ask(stash)).status).toBe(200);
    expect((await ask(stash, { cookie: 'session=garbage' })).status).toBe(200);
  });

  test('a wrong API key is still refused', async () => {
    const stash = await startStash([], { apiKey: 'right' });
    expect((await ask(stash, { ApiKey: 'wrong' })).status).toBe(401);
    expect((await ask(stash, { ApiKey: 'right' })).status).toBe(200);
  });
});

describe('with a login', () => {
  test('GraphQL without a session is refused with an empty body', async () => {
    const stash = await startStash([], { login });
    const answer = await ask(stash);
    expect([answer.status, answer.text, answer.headers['www-authenticate']]).toEqual([
      401,
      '',
      'FormBased',
    ]);
    expect((await ask(stash, { cookie: 'session=Z2FyYmFnZQ==' })).status).toBe(401);
  });

  test('an image without a session leads to the login page', async () => {
    const stash = await startStash([], { login });
    stash.store.addScene();
    const answer = await ask(stash, {}, '/scene/1/screenshot?t=5');
    expect([answer.status, answer.headers['location']]).toEqual([
      302,
      '/login?returnURL=%2Fscene%2F1%2Fscreenshot%3Ft%3D5',
    ]);
    expect(answer.text).toContain('<a href');
  });

  test('the form gives a session', async () => {
    const stash = await startStash([], { login });
    const post = (password: string): Promise<number> =>
      request(`${stash.url}/login`, {
        method: 'POST',
        body: new URLSearchParams({ username: 'me', password }).toString(),
      }).then(async (answer) => {
        await answer.body.dump();
        return answer.statusCode;
      });
    expect([await post('wrong'), await post('secret')]).toEqual([401, 200]);
  });

  test('a key is looked at before the cookie, in the header or in the address', async () => {
    const stash = await startStash([], { login, apiKey: 'right' });
    const cookie = `session=${stash.sessionCookie()}`;
    expect((await ask(stash, { ApiKey: 'wrong', cookie })).status).toBe(401);
    expect((await ask(stash, {}, '/graphql?apikey=right')).status).toBe(200);
    const byKey = await ask(stash, { ApiKey: 'right' });
    expect([byKey.status, byKey.headers['set-cookie']]).toEqual([200, undefined]);
    const { data } = await stash.graphql(
      '{ configuration { general { apiKey } } findScene(id: 1) { id } }',
    );
    expect(fieldOf(data, 'configuration', 'general', 'apiKey')).toBe('right');
  });

  test('a session ends by its age, unless each request renews it', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const stash = await startStash([], { login, maxSessionAgeSeconds: 60, nowMs: () => nowMs });
    const old = `session=${stash.sessionCookie()}`;
    nowMs += 50_000;
    const renewed = await ask(stash, { cookie: old });
    expect(String(renewed.headers['set-cookie'])).toMatch(
      /^session=[\w=-]+; Path=\/; Expires=.* GMT; Max-Age=60; SameSite=Lax$/,
    );
    nowMs += 20_000;
    const late = await ask(stash, { cookie: old });
    expect([late.status, late.text]).toEqual([401, '']);
    expect((await ask(stash, { cookie: cookieOf(renewed) })).status).toBe(200);
    nowMs += 61_000;
    expect((await ask(stash, { cookie: cookieOf(renewed) })).status).toBe(401);
  });

  test('an age of 0 means that sessions never end', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const stash = await startStash([], { login, maxSessionAgeSeconds: 0, nowMs: () => nowMs });
    const cookie = `session=${stash.sessionCookie()}`;
    nowMs += 365 * 86_400_000;
    expect((await ask(stash, { cookie })).status).toBe(200);
  });

  test('a plugin gets a session of whoever saved, made when it is started', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const script = 'cat > "$1/seen/in"\n';
    const stash = await startStash([{ script }], {
      login,
      maxSessionAgeSeconds: 60,
      nowMs: () => nowMs,
    });
    stash.store.addScene();
    nowMs += 3_600_000;
    await stash.graphql('mutation { sceneUpdate(input: {id: 1}) { id } }');
    const stdin: unknown = JSON.parse(seenBy(stash)[0] ?? '');
    const cookie = String(fieldOf(stdin, 'server_connection', 'SessionCookie', 'Value'));
    expect((await ask(stash, { cookie: `session=${cookie}` })).status).toBe(200);
  });

  test('sessions outlive a restart', async () => {
    const directory = temporaryDirectory();
    const first = await startStash([], { login, directory });
    const cookie = `session=${first.sessionCookie()}`;
    await first.close();
    const second = await startStash([], { login, directory });
    expect((await ask(second, { cookie })).status).toBe(200);
  });
});

describe('https', () => {
  test('is all that is served with a certificate, and plugins are told so', async () => {
    const directory = temporaryDirectory();
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2
      -subj /CN=somewhere.invalid -keyout ${key} -out ${cert}`;
    execFileSync('openssl', args.split(/\s+/), { stdio: 'ignore' });
    const stash = await startStash([{ script: 'cat > "$1/seen/in"\n' }], {
      https: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
    });
    expect(stash.url).toMatch(/^https:/);
    expect((await ask(stash)).status).toBe(200);
    await expect(request(stash.url)).rejects.toThrow(/self-signed/);
    await stash.graphql('mutation { runPluginOperation(plugin_id: "probe") }');
    const stdin: unknown = JSON.parse(seenBy(stash)[0] ?? '');
    expect(fieldOf(stdin, 'server_connection', 'Scheme')).toBe('https');
  });
});

describe('the bind address', () => {
  test.each(['0.0.0.0', '127.0.0.1', '::', ''])('is told as it stands: "%s"', async (host) => {
    const stash = await startStash([{ script: 'cat > "$1/seen/in"\n' }], { host });
    await stash.graphql('mutation { runPluginOperation(plugin_id: "probe") }');
    const stdin: unknown = JSON.parse(seenBy(stash)[0] ?? '');
    expect(fieldOf(stdin, 'server_connection', 'Host')).toBe(host);
  });
});

describe('the access log', () => {
  test('has every request from outside, with headers, body and status', async () => {
    const stash = await startStash([], { apiKey: 'right' });
    await stash.graphql('{ version { version } }');
    await ask(stash, { ApiKey: 'wrong' });
    expect(stash.accessLog).toMatchObject([
      {
        method: 'POST',
        target: '/graphql',
        body: question,
        status: 401,
        headers: { apikey: 'wrong' },
      },
    ]);
  });
});
