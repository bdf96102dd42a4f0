/** The way of one request through the simulator: log, faults, token, database, answer. */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, failure } from './answer.ts';
import type { ServerFacts } from './containers.ts';
import { editSection, type EditOutcome } from './edit.ts';
import { bodyFault, losesAnswer, poisonOf, serverFault, strikes } from './faults.ts';
import { changeImage, refusedUpload } from './itemWrites.ts';
import type { Library } from './library.ts';
import { argument, parseTarget, plexHeader, type QueryPair } from './query.ts';
import type { Records } from './record.ts';
import { respond } from './respond.ts';
import { answerRead, missingSection, type Route, routeOf } from './routes.ts';
import type { Scans } from './scans.ts';
import type { PlexSwitches } from './switches.ts';
import { OWNER } from './viewing.ts';
import { type ViewingWriteName, writeViewing } from './viewingWrites.ts';
import type { WriteQueue } from './writes.ts';

export interface Machinery {
  readonly token: string;
  /** Everybody else's tokens, with their accounts. */
  readonly users: ReadonlyMap<string, string>;
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
  const body = await bodyOf(request);
  if (body === undefined) return;
  const ending = await endingOf(machinery, route, { method, rawTarget, rawHeaders, pairs, body });
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
  readonly body: Uint8Array;
}

/** Undefined when the connection ended in the middle of it. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  try {
    return await buffer(request);
  } catch {
    return undefined;
  }
}

async function endingOf(machinery: Machinery, route: Route, request: Request): Promise<Ending> {
  const { switches, token, users, library, facts } = machinery;
  const needsToken = route.name !== 'identity';
  const strike = serverFault(switches, request.method !== 'GET', needsToken);
  if (strike) return strike.kind === 'hang' ? 'silence' : strike.answer;
  if (Buffer.byteLength(request.rawTarget) > TARGET_LIMIT_BYTES) return failure(414);
  const given = plexHeader(request.rawHeaders, request.pairs, 'X-Plex-Token');
  const account = given === token ? OWNER : users.get(given ?? '');
  if (needsToken && account === undefined) return failure(401);
  const isOwner = account === OWNER && !switches.guestToken;
  if (!isOwner && isOwners(route, request.method)) return failure(403);
  const poisoned = poisonedEnding(switches, route, request.pairs);
  if (poisoned) return poisoned;
  if (route.name === 'edit') return edit(machinery, route.section, request);
  if (route.name === 'upload' || route.name === 'select' || route.name === 'takeAway') {
    return image(machinery, route, request);
  }
  if (isViewing(route)) return view(machinery, route, account ?? OWNER, request);
  if (switches.readServiceMs > 0) await sleep(switches.readServiceMs);
  if (route.name === 'scan') return scan(machinery, route.section, request);
  return answerRead(route, { ...request, account: account ?? OWNER }, library, facts);
}

const VIEWING: readonly string[] = ['scrobble', 'unscrobble', 'timeline', 'rate'];

function isViewing(
  route: Route,
): route is { readonly name: ViewingWriteName; readonly ids: readonly string[] } {
  return VIEWING.includes(route.name);
}

/** What a person that the server is shared with may not do: change anything but their own views. */
function isOwners(route: Route, method: string): boolean {
  if (route.name === 'playing') return true;
  return method !== 'GET' && !isViewing(route);
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
  const names = ['edit', 'refresh', 'upload', 'select', 'takeAway', ...VIEWING];
  const writes = names.includes(route.name);
  const poison = writes && poisonOf(switches, 'ids' in route ? route.ids : editedKeys(pairs));
  if (!poison) return undefined;
  if (poison === 'hang') return 'silence';
  return poison === 'drop' ? 'drop' : failure(Number(poison.slice('status-'.length)));
}

function editedKeys(pairs: readonly QueryPair[]): string[] {
  return (argument(pairs, 'id') ?? '').split(',');
}

async function edit(
  machinery: Machinery,
  sectionId: string,
  { pairs, rawTarget }: Request,
): Promise<Ending> {
  const { library, switches, records, nowMs } = machinery;
  return inTurn(machinery, editedKeys(pairs), () => {
    const section = library.sections.get(sectionId);
    if (!section) return { answer: missingSection(sectionId), applied: [] };
    const outcome = editSection(library, section, pairs, switches);
    records.edits(nowMs(), queryOf(rawTarget), outcome.applied);
    return outcome;
  });
}

/** Checked before the database is asked: a picture that is refused holds up nobody. */
async function image(
  machinery: Machinery,
  route: Extract<Route, { name: 'upload' | 'select' | 'takeAway' }>,
  request: Request,
): Promise<Ending> {
  const { switches, library, records, nowMs } = machinery;
  const { failUploads, ignoreUploads } = switches;
  const uploads = route.name === 'upload';
  const refused = uploads ? refusedUpload(request, failUploads) : undefined;
  if (refused) return refused;
  if (uploads && strikes(ignoreUploads, true)) return { kind: 'empty' };
  return inTurn(machinery, route.ids, () => {
    const outcome = changeImage(library, route, request, switches);
    records.changes(nowMs(), queryOf(request.rawTarget), outcome.applied);
    return outcome;
  });
}

async function view(
  machinery: Machinery,
  { name, ids }: { readonly name: ViewingWriteName; readonly ids: readonly string[] },
  account: string,
  request: Request,
): Promise<Ending> {
  const { library, records, nowMs } = machinery;
  return inTurn(machinery, ids, () => {
    const outcome = writeViewing(library, { name, ratingKey: ids[0] ?? '', account, ...request });
    records.changes(nowMs(), queryOf(request.rawTarget), outcome.applied);
    return outcome;
  });
}

/** One writer at a time; the answer may get lost after it. */
async function inTurn(
  { switches, writes }: Machinery,
  ratingKeys: readonly string[],
  apply: () => EditOutcome,
): Promise<Ending> {
  try {
    return await writes.run(
      () => switches.writeServiceMs,
      () => {
        const { answer, applied } = apply();
        return applied.length > 0 && losesAnswer(switches, ratingKeys) ? 'silence' : answer;
      },
    );
  } catch {
    // The server went away while the write was waiting.
    return 'silence';
  }
}

function queryOf(rawTarget: string): string {
  const mark = rawTarget.indexOf('?');
  return mark === -1 ? '' : rawTarget.slice(mark + 1);
}
