/**
 * The simulator as a process of its own: prints one JSON line that says where it is, and runs
 * until it is told to stop.
 *
 * `node simulators/plex/main.ts [--port 0] [--token …] [--items 0] [--control-port 0]`
 */
import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { startPlexSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    items: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
  },
});

const { token } = values;
const plex = await startPlexSimulator({
  port: Number(values.port),
  ...(token === undefined ? {} : { token }),
});
const sectionId = plex.library.addSection({ title: 'Scenes', locations: ['/data/scenes'] });
for (let i = 1; i <= Number(values.items); i += 1) {
  const number = String(i).padStart(6, '0');
  plex.library.addItem(sectionId, {
    title: `scene-${number}`,
    files: [{ path: `/data/scenes/scene-${number}.mp4`, size: 1_000_000 + i, durationMs: 60_000 }],
  });
}
const control = await startControl(plex, Number(values['control-port']));
console.log(
  JSON.stringify({ url: plex.url, token: plex.token, sectionId, controlUrl: control.url }),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([plex.close(), control.close()]);
  });
}
