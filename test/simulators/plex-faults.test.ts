/** Each fault of the simulated Plex, as a client meets it. */
import { describe, expect, it } from 'vitest';
import type { PlexSimulator, PlexSimulatorOptions } from '../../simulators/plex/server.ts';
import {
  ask,
  edit,
  eventually,
  expectNoAnswer,
  file,
  plexWithSection,
  titles,
} from './plex-support.ts';

async function plexWithTwoScenes(
  options?: PlexSimulatorOptions,
): Promise<{ plex: PlexSimulator; a: string; b: string }> {
  const { plex, section } = await plexWithSection(options);
  const [a = '', b = ''] = ['A', 'B'].map((title) =>
    plex.library.addItem(section, { title, files: [file(title)] }),
  );
  return { plex, a, b };
}

describe('a server that is away', () => {
  it('refuses connections on its port, and comes back with its library', async () => {
    const { plex, a } = await plexWithTwoScenes();
    await plex.goAway();
    await expect(ask(plex, '/identity')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await plex.comeBack();
    expect((await ask(plex, '/identity')).status).toBe(200);
    expect(plex.library.item(a)?.title).toBe('A');
  });

  it('loses the writes that were waiting, and breaks their connections', async () => {
    const { plex, a, b } = await plexWithTwoScenes({ switches: { writeServiceMs: 60_000 } });
    const lost = [
      edit(plex, '1', `id=${a}&title.value=X`),
      edit(plex, '1', `id=${b}&title.value=X`),
    ];
    const broken = lost.map((write) => expect(write).rejects.toMatchObject({ code: 'ECONNRESET' }));
    await eventually(() => plex.counts().edits === 2);
    await plex.goAway();
    await Promise.all(broken);
    plex.switches.writeServiceMs = 0;
    await plex.comeBack();
    await edit(plex, '1', `id=${b}&summary.value=s`);
    expect(plex.library.items().map(({ title }) => title)).toEqual(['A', 'B']);
    expect(plex.accessLog.filter(({ status }) => status === 'none')).toHaveLength(2);
  });
});

describe('a server that does not answer properly', () => {
  it('hangs', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { hang: true } });
    await expectNoAnswer(
      (asked) => ask(plex, '/identity', asked),
      () => plex.counts().identity === 1,
    );
    plex.switches.hang = false;
    expect((await ask(plex, '/identity')).status).toBe(200);
    expect(plex.accessLog.map(({ status }) => status)).toEqual(['none', 200]);
  });

  it('stalls in the middle of a body', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { stallBody: true } });
    await expectNoAnswer(
      (asked) => ask(plex, '/identity', asked),
      () => plex.accessLog[0]?.status === 200,
    );
  });

  it('stalls after the headers of an answer without a body', async () => {
    const { plex, a } = await plexWithTwoScenes({ switches: { stallBody: { on: 'writes' } } });
    await expectNoAnswer(
      (asked) => edit(plex, '1', `id=${a}&title.value=X`, asked),
      () => plex.library.item(a)?.title === 'X',
    );
    expect(plex.accessLog[0]?.status).toBe(200);
  });

  it('ends a body early in a complete answer', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { truncateBody: { how: 'cut' } } });
    const { status, body } = await ask(plex, '/library/sections');
    expect(status).toBe(200);
    expect(body).toMatch(/^\{"MediaContainer":/);
    expect(() => void JSON.parse(body)).toThrow(SyntaxError);
  });

  it('ends the connection in the middle of a body', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { truncateBody: { how: 'close' } } });
    await expect(ask(plex, '/library/sections')).rejects.toThrow('aborted');
  });

  it.each([
    [false, 'application/json', '{"code":503,"title":"Maintenance","status":"Plex Media Server'],
    [true, 'text/xml;charset=utf-8', '<Response code="503" title="Maintenance" status="Plex'],
  ])(
    'is in maintenance for everything, without a container (XML: %s)',
    async (xml, type, start) => {
      const { plex } = await plexWithTwoScenes({ switches: { maintenance: true } });
      for (const target of ['/identity', '/library/sections']) {
        const { status, headers, body } = await ask(plex, target, { xml });
        expect(status).toBe(503);
        expect(headers['content-type']).toBe(type);
        expect(body).toContain(start);
        expect(body).not.toContain('MediaContainer');
      }
    },
  );

  it('fails everything with an HTML page', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { failEverything: { status: 500 } } });
    const { status, body } = await ask(plex, '/identity');
    expect(status).toBe(500);
    expect(body).toContain('<h1>500 Internal Server Error</h1>');
  });

  it('takes no token any more, but /identity needs none', async () => {
    const { plex } = await plexWithTwoScenes({ switches: { unauthorized: true } });
    expect((await ask(plex, '/')).status).toBe(401);
    expect((await ask(plex, '/identity')).status).toBe(200);
  });

  it('limits the rate, with or without a time to wait', async () => {
    const { plex } = await plexWithTwoScenes({
      switches: { rateLimit: { retryAfterSeconds: 7, count: 1 } },
    });
    const limited = await ask(plex, '/');
    expect(limited.status).toBe(429);
    expect(limited.headers['retry-after']).toBe('7');
    plex.switches.rateLimit = { count: 1 };
    expect((await ask(plex, '/')).headers['retry-after']).toBeUndefined();
    expect((await ask(plex, '/')).status).toBe(200);
  });

  it('refuses a target longer than 8 KB', async () => {
    const { plex, a } = await plexWithTwoScenes();
    const { status } = await edit(plex, '1', `id=${a}&summary.value=${'x'.repeat(9000)}`);
    expect(status).toBe(414);
    expect(plex.library.item(a)?.summary).toBe('');
  });
});

describe('a fault with limits', () => {
  it('hits so many requests and is over', async () => {
    const { plex } = await plexWithTwoScenes({
      switches: { failEverything: { status: 503, count: 2 } },
    });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask(plex, '/')).status);
    expect(statuses).toEqual([503, 503, 200, 200]);
    expect(plex.switches.failEverything).toMatchObject({ count: 0 });
  });

  it('hits only reads or only writes', async () => {
    const { plex, a } = await plexWithTwoScenes();
    plex.switches.failEverything = { status: 500, on: 'writes' };
    expect((await ask(plex, '/')).status).toBe(200);
    expect((await edit(plex, '1', `id=${a}&title.value=X`)).status).toBe(500);
    plex.switches.failEverything = { status: 500, on: 'reads' };
    expect((await ask(plex, '/')).status).toBe(500);
    expect((await edit(plex, '1', `id=${a}&title.value=X`)).status).toBe(200);
  });
});

describe('a poisoned item', () => {
  it('fails every write that names it, alone or among others, and no other', async () => {
    const { plex, a, b } = await plexWithTwoScenes();
    plex.switches.poison.set(a, 'status-500');
    expect((await edit(plex, '1', `id=${a}&title.value=X`)).status).toBe(500);
    expect((await edit(plex, '1', `id=${b},${a}&title.value=X`)).status).toBe(500);
    const refresh = await ask(plex, `/library/metadata/${a}/refresh`, { method: 'PUT' });
    expect(refresh.status).toBe(500);
    expect(plex.library.items().map(({ title }) => title)).toEqual(['A', 'B']);
    expect((await edit(plex, '1', `id=${b}&title.value=X`)).status).toBe(200);
    expect((await ask(plex, `/library/metadata/${a}`)).status).toBe(200);
  });

  it('may hang without holding up other writes, or drop the connection', async () => {
    const { plex, a, b } = await plexWithTwoScenes();
    plex.switches.poison.set(a, 'hang');
    await expectNoAnswer(
      (asked) => edit(plex, '1', `id=${a}&title.value=X`, asked),
      () => plex.counts().edits === 1,
    );
    expect((await edit(plex, '1', `id=${b}&title.value=X`)).status).toBe(200);
    plex.switches.poison.set(a, 'drop');
    await expect(edit(plex, '1', `id=${a}&title.value=X`)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(plex.library.item(a)?.title).toBe('A');
  });
});

describe('a write that is applied and then never answered', () => {
  it.each([
    ['every item', 'all'],
    ['this item', new Set(['1001'])],
  ] as const)('hits %s', async (_, applyThenHang) => {
    const { plex, a } = await plexWithTwoScenes({ switches: { applyThenHang } });
    await expectNoAnswer(
      (asked) => edit(plex, '1', `id=${a}&title.value=X`, asked),
      () => plex.library.item(a)?.title === 'X',
    );
    expect(plex.history(a)).toHaveLength(1);
    expect((await ask(plex, `/library/metadata/${a}`)).status).toBe(200);
  });

  it('hits so many times, and not other items', async () => {
    const { plex, a, b } = await plexWithTwoScenes();
    plex.switches.applyThenHang = { items: new Set([a]), count: 1 };
    expect((await edit(plex, '1', `id=${b}&title.value=X`)).status).toBe(200);
    await expectNoAnswer(
      (asked) => edit(plex, '1', `id=${a}&title.value=X`, asked),
      () => plex.library.item(a)?.title === 'X',
    );
    expect((await edit(plex, '1', `id=${a}&title.value=Y`)).status).toBe(200);
  });
});

describe('slow writes', () => {
  it('wait for each other, in the order in which they came, while reads pass', async () => {
    const { plex, a, b } = await plexWithTwoScenes({ switches: { writeServiceMs: 150 } });
    const before = performance.now();
    const first = edit(plex, '1', `id=${a}&title.value=first`);
    await eventually(() => plex.counts().edits === 1);
    const second = edit(plex, '1', `id=${a},${b}&title.value=second`);
    await eventually(() => plex.counts().edits === 2);
    expect(await titles(plex, '/library/sections/1/all?type=1&title=first')).toEqual([]);
    await Promise.all([first, second]);
    // Not a speed: two turns cannot take less than two service times.
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
    expect(plex.library.items().map(({ title }) => title)).toEqual(['second', 'second']);
    expect(plex.history(a).map(({ after }) => after.title)).toEqual(['first', 'second']);
  });

  it('are applied even when the client has given up', async () => {
    const { plex, a } = await plexWithTwoScenes({ switches: { writeServiceMs: 1000 } });
    await expectNoAnswer(
      (asked) => edit(plex, '1', `id=${a}&title.value=X`, asked),
      () => plex.counts().edits === 1,
    );
    await eventually(() => plex.library.item(a)?.title === 'X');
  });
});
