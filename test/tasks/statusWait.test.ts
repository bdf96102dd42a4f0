// The operation "status" as a page calls it again and again, by real processes.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Status, statusSchema } from '../../src/contract/status.ts';
import { makePlace, type Place } from '../cli/support.ts';

interface Page {
  readonly place: Place;
  readonly ask: (args?: object) => Promise<unknown>;
  readonly status: (args?: object) => Promise<Status>;
}

/** With a Stash that takes connections: there is one to wait for. */
async function openPage(): Promise<Page> {
  const place = makePlace();
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const ask = async (args: object = {}): Promise<unknown> => {
    const stash = { Scheme: 'http', Host: '127.0.0.1', Port: port, SessionCookie: null };
    const { stdout } = await place.call(['operation'], {
      input: JSON.stringify({
        server_connection: { ...stash, Dir: place.config, PluginDir: place.plugin },
        args: { name: 'status', ...args },
      }),
    });
    return JSON.parse(stdout);
  };
  return {
    place,
    ask,
    status: async (args) =>
      v.parse(v.strictObject({ output: statusSchema }), await ask(args)).output,
  };
}

describe('[1.2 QUEUE-01] the status for a page', () => {
  it('is answered when an event comes, which is in it', async () => {
    const { place, status } = await openPage();
    const { revision } = await status();
    const waited = status({ after: revision });
    const name = 'Scene.Update.Post-12-1.1-999999999-1';
    const event = { args: { hookContext: { id: 12, type: 'Scene.Update.Post', input: null } } };
    writeFileSync(join(place.data, 'spool', name), `${JSON.stringify(event)}\n`, { mode: 0o600 });
    const later = await waited;
    expect(later.queue).toMatchObject({ spooled: 0, pending: 1 });
    expect(later.revision).not.toBe(revision);
    expect((await status()).revision).toBe(later.revision);
    expect(place.woken()).toHaveLength(3);
  });

  it('is refused for what is no revision', async () => {
    const { ask } = await openPage();
    for (const after of [12, '', 'a b', 'x'.repeat(65), null, ['r']]) {
      expect(await ask({ after })).toEqual({
        error: 'The argument "after" must be the revision of a status.',
      });
    }
  });
});
