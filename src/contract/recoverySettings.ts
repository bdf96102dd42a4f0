// The setting that says how an outage of Plex is told and what follows it, and its check.
import { type Raw, readText, type Report } from './settingValues.ts';

/**
 * conservative: nothing more is asked of a Plex that failed once, and it gets its work back slowly.
 * aggressive: a failure or two are taken for chance, and what waits is there sooner.
 */
export const recoveryStrategies = ['conservative', 'aggressive'] as const;
export type RecoveryStrategy = (typeof recoveryStrategies)[number];

export function checkRecoveryStrategy(raw: Raw, report: Report): RecoveryStrategy {
  const text = readText(raw, 'recoveryStrategy', report).toLowerCase();
  if (text === '') return 'conservative';
  const known = recoveryStrategies.find((strategy) => strategy === text);
  if (known !== undefined) return known;
  report('recoveryStrategy', `must be one of ${recoveryStrategies.join(', ')}.`);
  return 'conservative';
}
