// The metrics as others read them: by Prometheus's own client, and by the letter of the format.
import { spawnSync } from 'node:child_process';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/domain/words/metrics.ts';
import { prometheusText } from '../../src/domain/words/prometheus.ts';
import { fullStatus } from '../helpers/fullStatus.ts';
import { METRICS_SCRIPT, pythonEnvironment } from '../simulators/plex-python-environment.ts';

const environment = await pythonEnvironment();
const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const text = prometheusText(metricsOf(fullStatus, now));

const familiesSchema = v.array(
  v.object({
    name: v.string(),
    type: v.string(),
    help: v.pipe(v.string(), v.minLength(1)),
    samples: v.array(v.tuple([v.string(), v.record(v.string(), v.string()), v.number()])),
  }),
);

function readByPrometheus(python: string): v.InferOutput<typeof familiesSchema> {
  const { stdout, stderr, status } = spawnSync(python, [METRICS_SCRIPT], {
    input: text,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return v.parse(familiesSchema, JSON.parse(stdout));
}

describe('[1.2 OBS-02] the metrics', () => {
  it.skipIf('missing' in environment)(
    'are read by Prometheus’s own client as they are meant (skipped where PyPI is out of reach)',
    () => {
      if ('missing' in environment) return;
      const families = readByPrometheus(environment.python);
      const samples = new Map(
        families.flatMap((family) =>
          family.samples.map(([name, labels, value]) => [
            [name, ...Object.values(labels)].join(' '),
            value,
          ]),
        ),
      );
      expect(Object.fromEntries(samples)).toMatchObject({
        'plexsync_info 0.1.0 24.1.0 v0.31.1 1.43.0 "beta"\\': 1,
        'plexsync_queue_rows pending': 12,
        'plexsync_queue_rows in_flight': 2,
        'plexsync_queue_retrying plex-reset': 1,
        plexsync_oldest_event_age_seconds: 60,
        'plexsync_dead_letters_by_cause plex-bad-request': 4,
        'plexsync_circuit_state closed': 1,
        'plexsync_circuit_state half-open': 0,
        'plexsync_scenes_total pushed': 90,
        plexsync_failures_total: 10,
        'plexsync_success_ratio 1h': 0.93,
        'plexsync_service_seconds push': 0.0315,
        'plexsync_time_left_seconds scenes most': 1.1,
        'plexsync_time_left_seconds extras least': 0.3,
        plexsync_last_push_timestamp_seconds: now / 1000 - 5,
      });
      const counters = families.filter(({ type }) => type === 'counter').map(({ name }) => name);
      expect(counters).toEqual([
        'plexsync_scenes',
        'plexsync_failures',
        'plexsync_dead_letters',
        'plexsync_pictures',
      ]);
      expect(new Set(families.map(({ type }) => type))).toEqual(new Set(['gauge', 'counter']));
    },
  );

  it('keep to the letter of the format: HELP, TYPE and samples of each name in one place', () => {
    const seen = new Set<string>();
    let family = '';
    let type = '';
    expect(text.endsWith('\n')).toBe(true);
    for (const line of text.trimEnd().split('\n')) {
      const help = /^# HELP (\S+) .+$/.exec(line)?.[1];
      if (help !== undefined) {
        expect(seen.has(help)).toBe(false);
        seen.add(help);
        [family, type] = [help, ''];
        continue;
      }
      if (line.startsWith('# TYPE ')) {
        expect(line).toMatch(new RegExp(`^# TYPE ${family} (counter|gauge)$`));
        type = line.split(' ')[3] ?? '';
        continue;
      }
      expect(type).not.toBe('');
      expect(line).toMatch(
        /^plexsync_[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/,
      );
      expect(line.split(/[{ ]/)[0]).toBe(family);
      expect(family.endsWith('_total')).toBe(type === 'counter');
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('leave out what is not known', () => {
    const rate = { ...fullStatus.rates.hour, successShare: null };
    const rates = { hour: rate, day: rate, hours: [] };
    const bare = prometheusText(metricsOf({ ...fullStatus, lastPushAt: null, rates }, now));
    expect(bare).not.toContain('success_ratio');
    expect(bare).not.toContain('last_push');
  });
});
