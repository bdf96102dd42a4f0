// Plays, resume times and ratings in a real Stash: the cases that the simulated one has to meet too.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { inject } from 'vitest';
import { openStashClient } from '../../../src/stash/client.ts';
import { viewingCases } from '../../stash-client/viewingCases.ts';
import { writeRecorder } from '../harness/plugins.ts';
import { startStash } from '../harness/process.ts';

viewingCases('what viewers left in a real Stash', async () => {
  const { binary, root, library } = inject('realStash');
  const recorder = writeRecorder(mkdtempSync(join(root, 'viewing-')));
  const stash = await startStash({
    binary,
    root,
    ...library,
    plugins: [recorder.folder],
    // Three and a half hours behind UTC, two and a half in summer.
    env: { TZ: 'America/St_Johns' },
  });
  const { hostname, port } = new URL(stash.face.url);
  const client = openStashClient({
    scheme: 'http',
    host: hostname,
    port: Number(port),
    cookie: null,
    apiKey: null,
  });
  return {
    client,
    hooks: () => recorder.inputs().length,
    ask: async (document, variables) =>
      await stash.face.graphql(v.record(v.string(), v.unknown()), document, variables),
    close: async () => {
      await client.close();
      await stash.close();
    },
  };
});
