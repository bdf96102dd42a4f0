// "Find Plex": asks the likely addresses, and the local network, who is a Plex Media Server. No
// token is sent to anybody: the found address may be a stranger's, and a person is to choose.
import {
  type FindPlexAnswer,
  findPlexArguments,
  type FindPlexArguments,
} from '../contract/findPlex.ts';
import { type GdmTarget, gdmTargets, searchByGdm } from '../plex/gdm.ts';
import { probe } from '../plex/probe.ts';
import type { TaskContext } from './context.ts';
import { checkStash } from './health/stash.ts';
import { counted } from './health/step.ts';
import { type Candidate, likelyAddresses } from './likelyAddresses.ts';
import type { Operation } from './operation.ts';

export interface Whereabouts {
  readonly candidates: readonly Candidate[];
  /** Where the network is searched; none: it is not. */
  readonly targets: readonly GdmTarget[];
  /** For an address, and for the search. */
  readonly limitMs: number;
}

const limitMs = 2_000;

export const findPlex: Operation<FindPlexArguments, FindPlexAnswer> = {
  arguments: findPlexArguments,
  perform: async (context, { addresses }) => {
    const answer = await lookFor(
      addresses === undefined
        ? { candidates: likelyAddresses(await plexUrlOf(context)), targets: gdmTargets, limitMs }
        : {
            candidates: addresses.map((url) => ({ url, how: 'where you said' })),
            targets: [],
            limitMs,
          },
    );
    for (const line of foundLines(answer)) context.say(line);
    return answer;
  },
};

/** Null while the settings cannot be read, or are wrong. */
async function plexUrlOf({ db }: TaskContext): Promise<string | null> {
  const { settings } = await checkStash(db);
  return settings?.plexUrl ?? null;
}

/** Asks all at once. A server under several addresses is answered once for each of them. */
export async function lookFor({
  candidates,
  targets,
  limitMs,
}: Whereabouts): Promise<FindPlexAnswer> {
  const asked = new Set(candidates.map(({ url }) => url));
  const ask = async ({ url, how }: Candidate, name: string | null): Promise<Found[]> => {
    const server = await probe(url, limitMs);
    return server === null ? [] : [{ url, how, name, ...server }];
  };
  const bySearch = async (): Promise<Found[]> => {
    const heard = await searchByGdm(targets, limitMs);
    const servers = heard.map(({ address, port, name }) => {
      const url = `http://${address}:${port}`;
      asked.add(url);
      return ask({ url, how: 'by a search in the network' }, name);
    });
    return (await Promise.all(servers)).flat();
  };
  const [likely, searched] = await Promise.all([
    Promise.all(candidates.map((candidate) => ask(candidate, null))),
    bySearch(),
  ]);
  const found = merged([...likely.flat(), ...searched]);
  return { found, asked: asked.size, sentence: sentenceOf(found, asked.size) };
}

type Found = FindPlexAnswer['found'][number];

/** Each address once, and the name of a server at all of its addresses. */
function merged(all: readonly Found[]): Found[] {
  const names = new Map(
    all.flatMap(({ machineIdentifier, name }) =>
      name === null ? [] : [[machineIdentifier, name]],
    ),
  );
  const byUrl = new Map<string, Found>();
  for (const one of all) {
    const name = names.get(one.machineIdentifier) ?? null;
    if (!byUrl.has(one.url)) byUrl.set(one.url, { ...one, name });
  }
  return [...byUrl.values()];
}

function sentenceOf(found: readonly Found[], asked: number): string {
  const servers = new Set(found.map(({ machineIdentifier }) => machineIdentifier)).size;
  if (servers === 0) {
    return `No Plex was found at ${counted(asked, 'address', 'addresses')}. Type the address of the machine that Plex runs on in the setting plexUrl, with the port 32400.`;
  }
  const what = servers === 1 ? 'A Plex was found' : `${servers} Plex servers were found`;
  const way = found.length === 1 ? 'its address' : 'one of these addresses';
  return `${what}: type ${way} in the setting plexUrl.`;
}

export function foundLines({ found, sentence }: FindPlexAnswer): readonly string[] {
  return [
    ...found.map(({ url, how, name, version, machineIdentifier }) => {
      const called = name === null ? '' : `"${name}", `;
      return `${url}  found ${how}: ${called}Plex ${version}, ${machineIdentifier.slice(0, 8)}…`;
    }),
    sentence,
  ];
}
