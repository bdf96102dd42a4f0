// Traces of a real worker, sent to a collector on this machine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installPlugin, type Installed } from '../helpers/installed.ts';
import { until } from '../helpers/wait.ts';
import { type ReceivedSpan, type Receiver, startReceiver } from './receiver.ts';

const token = 'CANARYplextoken0123';

async function traced(env: Readonly<Record<string, string>> = {}): Promise<{
  readonly world: Installed;
  readonly receiver: Receiver;
}> {
  const receiver = await startReceiver();
  const world = await installPlugin({
    plex: { token },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50', ...env },
  });
  onTestFinished(async () => {
    await world.close();
    await receiver.close();
  });
  await world.configure();
  return { world, receiver };
}

function rootOf(receiver: Receiver, key: string, outcome: string): ReceivedSpan | undefined {
  return receiver.spans.find(
    ({ parentId, attributes }) =>
      parentId === '' &&
      attributes['plexsync.key'] === key &&
      attributes['plexsync.outcome'] === outcome,
  );
}

describe('[1.2 OBS-01] where OTEL_… variables name a collector', () => {
  it('each change is a trace from its hook to its push, with what took how long', async () => {
    const { world, receiver } = await traced({
      OTEL_SERVICE_NAME: 'my-plexsync',
      OTEL_RESOURCE_ATTRIBUTES: 'room=cellar',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=abc',
    });
    const pairs = world.addPairs(3);
    const begunAt = Date.now();
    for (const { sceneId } of pairs) await world.save(sceneId, { title: `CANARYtitle ${sceneId}` });
    const keys = pairs.map(({ sceneId }) => `scene:${sceneId}`);
    await until('each has its trace', () =>
      keys.every((key) => rootOf(receiver, key, 'pushed') !== undefined),
    );
    const log = readFileSync(join(world.data, 'plex-sync.log'), 'utf8');
    for (const [index, key] of keys.entries()) {
      const root = rootOf(receiver, key, 'pushed');
      if (root === undefined) throw new TypeError('unreachable');
      expect(root).toMatchObject({
        name: 'change of scene',
        error: '',
        attributes: { 'plexsync.attempts': 1, 'plexsync.item': pairs[index]?.ratingKey },
        resource: { 'service.name': 'my-plexsync', room: 'cellar' },
      });
      // The log has the same id in each of the change's lines.
      expect(log).toContain(`"cid":"${root.attributes['plexsync.correlation']}"`);
      expect(root.from).toBeGreaterThanOrEqual(begunAt - 1);
      const children = receiver.spans.filter(
        ({ parentId, traceId }) => parentId === root.spanId && traceId === root.traceId,
      );
      expect(children.map(({ name }) => name)).toEqual(['spool', 'queue', 'pushed']);
      const push = children.at(-1);
      const steps = receiver.spans.filter(({ parentId }) => parentId === push?.spanId);
      expect(steps.map(({ name }) => name)).toEqual([
        'read Stash',
        'find and read in Plex',
        'decide',
        'write to Plex',
        'confirm',
      ]);
      // Without gaps, one after the other, from the hook on.
      expect(children[0]?.from).toBe(root.from);
      expect(children[1]?.from).toBe(children[0]?.to);
      expect(children[2]?.from).toBe(children[1]?.to);
      expect(children[2]?.to).toBe(root.to);
      for (const span of [...children, ...steps]) {
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        expect(span.from).toBeGreaterThanOrEqual(root.from);
        expect(span.to).toBeLessThanOrEqual(root.to);
      }
    }
    expect(new Set(keys.map((key) => rootOf(receiver, key, 'pushed')?.traceId)).size).toBe(3);
    expect(receiver.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'abc' } });
    // Neither secrets nor what a library holds.
    for (const secret of ['CANARY', 'clip', world.plex.url]) {
      expect(receiver.raw()).not.toContain(secret);
    }
  }, 60_000);

  it('an attempt that failed is part of the trace, and the trace ends with the dead letter', async () => {
    const { world, receiver } = await traced();
    const [good, bad] = world.addPairs(2);
    if (good === undefined || bad === undefined) throw new TypeError('unreachable');
    world.plex.switches.poison.set(bad.ratingKey, 'status-400');
    await world.save(bad.sceneId, { title: 'Bad' });
    await world.save(good.sceneId, { title: 'Good' });
    const key = `scene:${bad.sceneId}`;
    await until('it was given up', () => rootOf(receiver, key, 'dead-letter') !== undefined);
    const root = rootOf(receiver, key, 'dead-letter');
    expect(root?.error).toMatch(/^plex-/);
  }, 60_000);

  it('a collector that is away holds up nothing', async () => {
    const { world, receiver } = await traced({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      PLEXSYNC_LINGER_MS: '0',
    });
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new TypeError('unreachable');
    await world.save(pair.sceneId, { title: 'Pushed' });
    await until('it is there', () => world.plex.library.item(pair.ratingKey)?.title === 'Pushed');
    await until('the worker leaves', () => world.workers().length === 0);
    expect(receiver.spans).toEqual([]);
    expect(world.logText()).not.toContain('"level":"error"');
  }, 60_000);

  it('what a worker has not sent yet is sent when it leaves', async () => {
    const { world, receiver } = await traced({
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      PLEXSYNC_LINGER_MS: '0',
    });
    const [pair] = world.addPairs(1);
    if (pair === undefined) throw new TypeError('unreachable');
    await world.save(pair.sceneId, { title: 'Pushed' });
    await until(
      'its trace came',
      () => rootOf(receiver, `scene:${pair.sceneId}`, 'pushed') !== undefined,
    );
  }, 60_000);
});
