/** The way of one request through the simulator: log, faults, token, database, answer. */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, failure } from './answer.ts';
import type { ServerFacts } from './containers.ts';
import { editSection } from './edit.ts';
import { bodyFault, losesAnswer, poisonOf, serverFault } from './faults.ts';
import type { Library } from './library.ts';
import { argument, parseTarget, plexHeader, type QueryPair } from './query.ts';
import type { Records } from './record.ts';
import { respond } from './respond.ts';
import { answerRead, missingSection, type Route, routeOf } from './routes.ts';
import type { Scans } from './scans.ts';
import type { PlexSwitches } from './switches.ts';
import type { WriteQueue } from './writes.ts';

export interface Machinery {
  readonly token: string;
  readonly facts: ServerFacts;
  readonly switches: PlexSwitches;
  readonly library: Library;
  readonly records: Records;
  readonly writes: WriteQueue;
  readonly scans: Scans;
  readonly nowMs: () => number;
}

/** How a request ends: with an answer, in silence, or with the connection torn down. */
type Ending = Answer | 'silence' | 'drop';

/**
 * The longest target that is taken; longer ones get 414. Where a real server ends is not known
 * [?]: clients report 414 above some 300 ids (plex-playlist-sync #66), so 8 KB.
 */
const TARGET_LIMIT_BYTES = 8192;

export async function handle(
  machinery: Machinery,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { records, switches, nowMs } = machinery;
  const { method = 'GET', url: rawTarget = '/', rawHeaders } = request;
  const { path, pairs } = parseTarget(rawTarget);
  const route = routeOf(method, path, pairs);
  const ended = records.request(
    { at: nowMs(), method, target: rawTarget, headers: rawHeaders },
    route.name,
  );
  response.on('error', () => undefined);
  response.on('close', () => {
    if (!response.headersSent) ended('none', nowMs());
  });
  request.resume();
  const ending = await endingOf(machinery, route, { method, rawTarget, rawHeaders, pairs });
  if (ending === 'silence' || response.destroyed) return;
  if (ending === 'drop') {
    response.destroy();
    return;
  }
  const isWrite = method !== 'GET';
  const asked = { json: (request.headers.accept ?? '').includes('application/json'), path };
  const fault = ending.kind === 'error' ? undefined : bodyFault(switches, isWrite);
  respond(response, ending, asked, fault);
  ended(response.statusCode, nowMs());
}

interface Request {
  readonly method: string;
  readonly rawTarget: string;
  readonly rawHeaders: readonly string[];
  readonly pairs: readonly QueryPair[];
}

async function endingOf(machinery: Machinery, route: Route, request: Request): Promise<Ending> {
  const { switches, token, library, facts } = machinery;
  const needsToken = route.name !== 'identity';
  const strike = serverFault(switches, request.method !== 'GET', needsToken);
  if (strike) return strike.kind === 'hang' ? 'silence' : strike.answer;
  if (Buffer.byteLength(request.rawTarget) > TARGET_LIMIT_BYTES) return failure(414);
  const given = plexHeader(request.rawHeaders, request.pairs, 'X-Plex-Token');
  if (needsToken && given !== token) return failure(401);
  const poisoned = poisonedEnding(switches, route, request.pairs);
  if (poisoned) return poisoned;
  if (route.name === 'edit') return edit(machinery, route.section, request);
  if (switches.readServiceMs > 0) await sleep(switches.readServiceMs);
  if (route.name === 'scan') return scan(machinery, route.section, request);
  return answerRead(route, request, library, facts);
}

function scan({ library, scans }: Machinery, sectionId: string, request: Request): Answer {
  const section = library.sections.get(sectionId);
  if (!section) return missingSection(sectionId);
  scans.request(request.method, section, request.pairs);
  return { kind: 'empty' };
}

/** Before the database is touched: a poisoned item does not hold up the writes of others. */
function poisonedEnding(
  switches: PlexSwitches,
  route: Route,
  pairs: readonly QueryPair[],
): Ending | undefined {
  const writes = route.name === 'edit' || route.name === 'refresh';
  const poison = writes && poisonOf(switches, 'ids' in route ? route.ids : editedKeys(pairs));
  if (!poison) return undefined;
  if (poison === 'hang') return 'silence';
  return poison === 'drop' ? 'drop' : failure(Number(poison.slice('status-'.length)));
}

function editedKeys(pairs: readonly QueryPair[]): string[] {
  return (argument(pairs, 'id') ?? '').split(',');
}

async function edit(
  { library, switches, records, writes, nowMs }: Machinery,
  sectionId: string,
  { pairs, rawTarget }: Request,
): Promise<Ending> {
  const ratingKeys = editedKeys(pairs);
  try {
    return await writes.run(
      () => switches.writeServiceMs,
      () => {
        const section = library.sections.get(sectionId);
        if (!section) return missingSection(sectionId);
        const { answer, applied } = editSection(library, section, pairs, switches);
        records.edits(nowMs(), rawTarget.slice(rawTarget.indexOf('?') + 1), applied);
        const lost = applied.length > 0 && losesAnswer(switches, ratingKeys);
        return lost ? 'silence' : answer;
      },
    );
  } catch {
    // The server went away while the write was waiting.
    return 'silence';
  }
}
