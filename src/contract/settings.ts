// The plugin's settings as Stash keeps them, and their check: every problem at once, by the
// setting's name, in words for the person who typed it.
import { checkFieldSettings, type FieldSettings } from './fieldSettings.ts';
import { checkGateSettings, type GateSettings } from './gateSettings.ts';
import { type PathRule, parsePathRules } from './pathRules.ts';
import { checkRecoveryStrategy, type RecoveryStrategy } from './recoverySettings.ts';
import { checkReconcileSettings, type ReconcileSettings } from './reconcileSettings.ts';
import { kindOf, type Raw, readSwitch, readText, type Report } from './settingValues.ts';
import { checkTaskSlice } from './taskSettings.ts';
import { checkViewingSettings, governsRating, type ViewingSettings } from './viewingSettings.ts';

export interface Settings {
  readonly plexUrl: string;
  readonly plexToken: string;
  /** Names or ids of Plex libraries; empty = every library of type movie. */
  readonly plexLibraries: readonly string[];
  readonly pathRules: readonly PathRule[];
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  /** Requests that change something in Plex, per second at most; null: no ceiling. */
  readonly writesPerSecond: number | null;
  /** What makes an outage of Plex, and what follows it. */
  readonly recoveryStrategy: RecoveryStrategy;
  /** 65 to 98: a match less sure than this is a person's to decide. */
  readonly matchThreshold: number;
  /** Whether Plex is asked to scan the folder of a scene that waits for it. */
  readonly askPlexToScan: boolean;
  /** Whether PlexSync takes its values out of Plex when a scene is gone from Stash. */
  readonly withdrawWhenGone: boolean;
  /** What of a scene goes into which field of Plex. */
  readonly fields: FieldSettings;
  /** Which scenes go to Plex at all. */
  readonly gates: GateSettings;
  /** How long a task keeps Stash's job queue while other jobs wait. */
  readonly taskSliceMs: number;
  /** The reconciliation that runs by itself. */
  readonly reconcile: ReconcileSettings;
  /** What goes both ways, and for whom. */
  readonly viewing: ViewingSettings;
}

export interface SettingProblem {
  /** Key of the setting in the manifest, or the Stash side that could not be used. */
  readonly setting: string;
  readonly message: string;
}

export type SettingsCheck =
  | { readonly kind: 'valid'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly problems: readonly SettingProblem[] };

/** Seconds; why each: a LAN connects in milliseconds, a busy Plex answers writes after many seconds. */
export const timeoutDefaultsSeconds = { connect: 5, read: 30, write: 60 } as const;

const longestTimeoutSeconds = 600;

/** Of requests per second: one in ten seconds is as good as none, and no Plex takes a thousand. */
const ceilings = { lowest: 0.1, highest: 1_000 } as const;

/**
 * How sure a match must be to be written. The lowest is above what only ever serves to choose from
 * (the same title; the same bytes under another name), the highest that of the same path.
 */
export const matchThresholds = { default: 80, lowest: 65, highest: 98 } as const;

/**
 * Checks what Stash answered for `configuration.plugins["plex-sync"]`. A setting never typed is
 * absent, and Stash shows and stores unset numbers as 0 and unset texts as '': all three mean
 * "the default".
 */
export function checkSettings(raw: Raw): SettingsCheck {
  const problems: SettingProblem[] = [];
  const report: Report = (setting, message) => {
    problems.push({ setting, message });
  };
  const text = (setting: string): string => readText(raw, setting, report);
  const seconds = (setting: string, defaultSeconds: number): number => {
    const value = raw[setting] ?? 0;
    const unset = value === 0 || (typeof value === 'string' && value.trim() === '');
    if (unset) return defaultSeconds * 1000;
    if (typeof value === 'number' && value > 0 && value <= longestTimeoutSeconds) {
      return value * 1000;
    }
    report(
      setting,
      `must be a number of seconds between 0 and ${longestTimeoutSeconds} (0 = ${defaultSeconds}), but is ${typeof value === 'number' ? value : kindOf(value)}.`,
    );
    return defaultSeconds * 1000;
  };

  const before = problems.length;
  const plexUrl = checkUrl(text('plexUrl'), problems.length > before, report);
  const tokenProblems = problems.length;
  const plexToken = text('plexToken');
  if (problems.length === tokenProblems) checkToken(plexToken, report);
  const plexLibraries = checkLibraries(text('plexLibraries'), report);
  const rules = parsePathRules(text('pathMappings'));
  for (const message of rules.problems) report('pathMappings', message);

  const viewing = checkViewingSettings(raw, report);
  const fields = checkFieldSettings(raw, report);
  // A rating that goes both ways is not sent the one way as well.
  const extras = governsRating(viewing, plexToken)
    ? ({ ...fields.extras, rating: 'off' } as const)
    : fields.extras;

  const settings: Settings = {
    plexUrl,
    plexToken,
    plexLibraries,
    pathRules: rules.rules,
    connectTimeoutMs: seconds('plexConnectTimeout', timeoutDefaultsSeconds.connect),
    readTimeoutMs: seconds('plexReadTimeout', timeoutDefaultsSeconds.read),
    writeTimeoutMs: seconds('plexWriteTimeout', timeoutDefaultsSeconds.write),
    writesPerSecond: checkCeiling(raw['plexRequestsPerSecond'], report),
    recoveryStrategy: checkRecoveryStrategy(raw, report),
    matchThreshold: checkThreshold(raw['matchThreshold'], report),
    askPlexToScan: readSwitch(raw, 'askPlexToScan', report),
    withdrawWhenGone: readSwitch(raw, 'withdrawWhenGone', report),
    fields: { ...fields, extras },
    gates: checkGateSettings(raw, report),
    taskSliceMs: checkTaskSlice(raw, report),
    reconcile: checkReconcileSettings(raw, report),
    viewing,
  };
  return problems.length === 0 ? { kind: 'valid', settings } : { kind: 'invalid', problems };
}

function checkUrl(text: string, alreadyReported: boolean, report: Report): string {
  if (alreadyReported) return '';
  if (text === '') {
    report('plexUrl', 'is empty. Type the address of Plex, e.g. http://192.168.1.10:32400');
    return '';
  }
  if (!URL.canParse(text)) {
    report('plexUrl', 'is not an address. It looks like http://192.168.1.10:32400');
    return '';
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    report('plexUrl', 'must begin with http:// or https://, e.g. http://192.168.1.10:32400');
    return '';
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    report(
      'plexUrl',
      'must hold the address alone: no name, password, token or anything after a ? or #',
    );
    return '';
  }
  return text.replace(/\/+$/, '');
}

function checkToken(token: string, report: Report): void {
  if (token === '') {
    report(
      'plexToken',
      'is empty. Plex shows it as X-Plex-Token in the address of "View XML" of any item ("Get Info").',
    );
    return;
  }
  // A token goes into an HTTP header: anything outside visible ASCII was pasted by mistake.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    report('plexToken', 'holds blanks or characters that no token has. Paste it again.');
  }
}

function checkLibraries(text: string, report: Report): readonly string[] {
  if (text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) {
    report('plexLibraries', 'has an empty name between its commas, e.g. "Videos, 5" is right.');
  }
  return names.filter((name) => name !== '');
}

function checkCeiling(value: unknown, report: Report): number | null {
  if (value === undefined || value === null || value === 0 || value === '') return null;
  const { lowest, highest } = ceilings;
  if (typeof value === 'number' && value >= lowest && value <= highest) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  report(
    'plexRequestsPerSecond',
    `must be a number of requests between ${lowest} and ${highest} (0 = no limit), but is ${given}.`,
  );
  return null;
}

function checkThreshold(value: unknown, report: Report): number {
  const { default: usual, lowest, highest } = matchThresholds;
  if (value === undefined || value === null || value === 0 || value === '') return usual;
  if (typeof value === 'number' && value >= lowest && value <= highest) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  report(
    'matchThreshold',
    `must be a number between ${lowest} and ${highest} (0 = ${usual}), but is ${given}.`,
  );
  return usual;
}
