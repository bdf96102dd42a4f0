// Asks an address whether a Plex Media Server is there: `GET /identity`, for which Plex wants no
// token. Nothing that tells about PlexSync or its owner is sent, since it is not known who listens.
import { parseAnswer, serverAnswer } from './schemas.ts';

export interface ProbedServer {
  readonly machineIdentifier: string;
  readonly version: string;
}

/** An identity has a few hundred bytes; what sends more is not Plex. */
const maxAnswerBytes = 64 * 1024;

/**
 * @param url without a slash at its end
 * @param limitMs for all of it
 * @returns null where nothing answers, or something that is not Plex
 */
export async function probe(url: string, limitMs: number): Promise<ProbedServer | null> {
  const { Agent } = await import('undici');
  const agent = new Agent({
    connect: { timeout: limitMs },
    maxResponseSize: maxAnswerBytes,
    allowH2: false,
  });
  try {
    const { origin, pathname } = new URL(url);
    const { statusCode, body } = await agent.request({
      origin,
      path: `${pathname.replace(/\/+$/, '')}/identity`,
      method: 'GET',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await body.text();
    if (statusCode !== 200) return null;
    const { machineIdentifier, version } = parseAnswer(serverAnswer, text, 'its identity');
    return { machineIdentifier, version };
  } catch {
    return null;
  } finally {
    await agent.destroy();
  }
}
