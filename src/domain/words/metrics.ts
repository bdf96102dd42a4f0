// The status as metrics: base units, counters for what only grows, gauges for the rest.
import type { Status } from '../../contract/status.ts';
import type { Family, Sample } from './prometheus.ts';

const circuits = ['closed', 'open', 'half-open', 'refused'] as const;

/** @param now Unix ms of the status */
export function metricsOf(status: Status, now: number): readonly Family[] {
  return [...stateOf(status, now), ...queueOf(status, now), ...workOf(status), ...speedOf(status)];
}

function stateOf(status: Status, now: number): readonly Family[] {
  const { plex, versions, workerAlive, problems, dataFileBytes } = status;
  const told = { ...versions, stash: versions.stash ?? '', plex: versions.plex ?? '' };
  return [
    gauge('info', 'Versions of PlexSync, Node, Stash and Plex; always 1.', [
      {
        labels: { version: told.plexSync, node: told.node, stash: told.stash, plex: told.plex },
        value: 1,
      },
    ]),
    one('status_timestamp_seconds', 'When these metrics were made.', seconds(now)),
    one('worker_alive', '1 while a worker or a task is at work.', Number(workerAlive)),
    gauge(
      'circuit_state',
      '1 for the state of the connection to Plex: closed is well, open is an outage.',
      circuits.map((state) => ({ labels: { state }, value: Number(plex.circuit === state) })),
    ),
    one('configuration_problems', 'Settings that keep PlexSync from pushing.', problems.length),
    one('data_file_bytes', 'Size of the data file.', dataFileBytes),
  ];
}

function queueOf(status: Status, now: number): readonly Family[] {
  const { queue, deadLetters, scenes, extras } = status;
  const { pending, retrying, fanOuts, inFlight, oldestEventAt } = queue;
  return [
    one('spool_files', 'Events kept as files that are not taken in yet.', queue.spooled),
    gauge('queue_rows', 'What waits and is worked on; in_flight is not among pending.', [
      { labels: { state: 'pending' }, value: pending },
      { labels: { state: 'in_flight' }, value: inFlight },
    ]),
    one('queue_retrying_rows', 'Of the pending rows, those that failed before.', retrying),
    gauge('queue_retrying', 'Of the pending rows, those that failed before, by cause.', [
      ...byLabel('cause', queue.byCause),
    ]),
    one('queue_fan_outs', 'Of the pending rows, performers, studios, tags and groups.', fanOuts),
    one(
      'oldest_event_age_seconds',
      'Age of the oldest event that is not in Plex; 0 if there is none.',
      oldestEventAt === null ? 0 : Math.max(0, seconds(now - oldestEventAt)),
    ),
    one('dead_letters', 'Given up, for a person to look at.', deadLetters.count),
    gauge('dead_letters_by_cause', 'Given up, by cause.', byLabel('cause', deadLetters.byCause)),
    one('scenes_matched', 'Scenes that have a Plex item.', scenes.matched),
    gauge('scenes_without_item', 'Scenes without a Plex item, by reason.', [
      ...byLabel('reason', scenes.withoutItem),
    ]),
    gauge('extras', 'Pictures and ratings: still to be sent, or given up.', [
      { labels: { state: 'waiting' }, value: extras.waiting },
      { labels: { state: 'given_up' }, value: extras.givenUp },
    ]),
  ];
}

function workOf({ totals, rates, lastPushAt }: Status): readonly Family[] {
  const windows = [
    ['1h', rates.hour],
    ['1d', rates.day],
  ] as const;
  return [
    counter('scenes_total', 'Scenes that were brought to their end.', [
      { labels: { result: 'pushed' }, value: totals.pushed },
      { labels: { result: 'unchanged' }, value: totals.unchanged },
      { labels: { result: 'withdrawn' }, value: totals.withdrawn },
      { labels: { result: 'without_item' }, value: totals.withoutItem },
    ]),
    counter('failures_total', 'Attempts that failed by the fault of their item.', [
      { value: totals.failed },
    ]),
    counter('dead_letters_total', 'Items that were given up.', [{ value: totals.deadLettered }]),
    counter('pictures_total', 'Pictures sent to Plex.', [{ value: totals.pictures }]),
    gauge(
      'success_ratio',
      'Of the attempts in the last hour or day, those that did not fail.',
      windows.map(([window, { successShare }]) => ({ labels: { window }, value: successShare })),
    ),
    gauge(
      'scenes_per_minute',
      'Scenes brought to their end in the last hour or day.',
      windows.map(([window, { scenesPerMinute }]) => ({
        labels: { window },
        value: scenesPerMinute,
      })),
    ),
    one(
      'last_push_timestamp_seconds',
      'When a change was last pushed.',
      lastPushAt === null ? null : seconds(lastPushAt),
    ),
  ];
}

function speedOf({ averages, estimate }: Status): readonly Family[] {
  return [
    gauge(
      'service_seconds',
      'Moving average of what a scene or a picture takes.',
      Object.entries(averages).map(([kind, { ms }]) => ({ labels: { kind }, value: seconds(ms) })),
    ),
    gauge('time_left_seconds', 'What is left to do will take between least and most.', [
      { labels: { of: 'scenes', bound: 'least' }, value: seconds(estimate.leastMs) },
      { labels: { of: 'scenes', bound: 'most' }, value: seconds(estimate.mostMs) },
      { labels: { of: 'extras', bound: 'least' }, value: seconds(estimate.extras.leastMs) },
      { labels: { of: 'extras', bound: 'most' }, value: seconds(estimate.extras.mostMs) },
    ]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples };
}

function one(name: string, help: string, value: number | null): Family {
  return gauge(name, help, [{ value }]);
}

function byLabel(label: string, counts: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function seconds(ms: number): number {
  return ms / 1000;
}
