// One of the two servers of `bench match`, the simulator in a process of its own, filled with the
// library of matchLibrary.ts. Prints where it is; then takes one line of JSON for each thing wanted and
// answers with one. Ends with its standard input.
//   node bench/matchServer.ts plex | stash <scenes> <directory>
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { startPlexSimulator } from '../simulators/plex/server.ts';
import { startStashSimulator } from '../simulators/stash/server.ts';
import { lateItem, libraries, type PlacedItem, plexItems, stashScene } from './matchLibrary.ts';

const wanted = v.union([
  v.strictObject({ add: v.strictObject({ from: v.number(), to: v.number() }) }),
  v.strictObject({ addLate: v.array(v.number()) }),
  v.strictObject({ counts: v.literal(true) }),
]);

interface Server {
  readonly where: object;
  readonly add: (number: number) => void;
  readonly addLate: (number: number) => void;
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

const [which = '', scenes = '0', directory = ''] = process.argv.slice(2);
const server = which === 'plex' ? await openPlex() : await openStash();
for (let number = 1; number <= Number(scenes); number += 1) server.add(number);
tell(server.where);

for await (const line of createInterface({ input: process.stdin })) {
  const call = v.parse(wanted, JSON.parse(line));
  if ('add' in call) {
    for (let number = call.add.from; number <= call.add.to; number += 1) server.add(number);
  } else if ('addLate' in call) {
    for (const number of call.addLate) server.addLate(number);
  }
  const { user, system } = process.cpuUsage();
  tell({ requests: server.requests(), cpuMs: (user + system) / 1_000 });
}
await server.close();

async function openPlex(): Promise<Server> {
  const plex = await startPlexSimulator();
  const sections = libraries.map((locations, at) =>
    plex.library.addSection({ title: `Videos ${at + 1}`, locations }),
  );
  const put = ({ library, item }: PlacedItem): void => {
    plex.library.addItem(sections[library] ?? '', item);
  };
  return {
    where: { url: plex.url, token: plex.token },
    add: (number) => plexItems(number).forEach(put),
    addLate: (number) => put(lateItem(number)),
    requests: () => plex.counts().requests,
    close: () => plex.close(),
  };
}

async function openStash(): Promise<Server> {
  const stash = await startStashSimulator({ directory });
  return {
    where: { url: stash.url, token: '' },
    add: (number) => {
      stash.store.addScene(stashScene(number));
    },
    // Stash had it all along.
    addLate: () => {},
    requests: () => stash.accessLog.length,
    close: () => stash.close(),
  };
}

function tell(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
