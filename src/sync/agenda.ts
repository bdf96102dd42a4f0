// When the engine has something to do for which the servers are needed.
import { isOnTrial } from '../domain/recover/circuit.ts';
import { earliest } from '../domain/base/earliest.ts';
import { nextRefreshAt } from '../domain/recover/stay.ts';
import { isAtRest, isReleasing, isSettingUp } from '../store/queue/control.ts';
import type { Database } from '../store/file/database.ts';
import { isAnyWithout, newestWaitingSince } from '../store/mirror/sceneLists.ts';
import { index, readState } from '../store/file/state.ts';
import type { Breaker } from './servers/breaker.ts';
import type { Clock } from './base/clock.ts';
import { librariesFreshMs } from './servers/plexLink.ts';
import type { Pushing } from './pushing.ts';
import type { SettingsWatch } from './servers/settingsWatch.ts';
import type { SideWork } from './sideWork.ts';
import { settingsFreshMs } from './servers/stashLink.ts';

export interface Agenda {
  /** Unix ms, or null. */
  nextWorkAt(now: number): number | null;
  /** When Plex is asked for new files, for scenes that wait for theirs: Unix ms, or null. */
  refreshAt(now: number): number | null;
  /** Plex's libraries are as the settings want them, and were looked at. */
  metPlex(): void;
  clockWentBack(): void;
}

interface Parts {
  readonly db: Database;
  readonly clock: Clock;
  readonly breaker: Breaker;
  readonly pushing: Pushing;
  readonly settingsWatch: SettingsWatch;
  readonly sideWork: SideWork | null;
  /** When the survey or a sync goes on, Unix ms, or null. */
  readonly looksAt: () => number | null;
}

export function openAgenda(parts: Parts): Agenda {
  const { db, clock, breaker, pushing, settingsWatch, sideWork, looksAt } = parts;
  let libraryLookAt = Number.POSITIVE_INFINITY;
  /** Nothing raises work while a person chooses libraries and paths: what they chose is looked at. */
  let setupLookAt = 0;

  /** Scenes outside all libraries wait for no refresh: the libraries themselves are looked at. */
  const libraryLook = (now: number): number | null => {
    if (libraryLookAt > now) return null;
    if (isAnyWithout(db, ['outside'])) return now;
    libraryLookAt = now + librariesFreshMs;
    return null;
  };

  const refreshAt = (now: number): number | null => {
    const known = readState(db, index);
    if (known === null) return null;
    return nextRefreshAt(now, known.refreshedAt, newestWaitingSince(db));
  };

  return {
    refreshAt,
    nextWorkAt: (now) => {
      const circuit = breaker.circuit();
      if (isAtRest(db)) return null;
      // An outage is probed whether rows are due or not: it ends by itself.
      if (circuit.kind === 'open') return circuit.probeAt;
      if (isReleasing(db)) return now;
      if (pushing.hasSuspects() || settingsWatch.areNew()) return now;
      // What was to be the trial was removed meanwhile: the next turn finds that nothing waits.
      if (isOnTrial(circuit) && pushing.trialAt() === null) return now;
      const looks = earliest(looksAt(), libraryLook(now), isSettingUp(db) ? setupLookAt : null);
      const beside = circuit.kind === 'closed' ? (sideWork?.nextAt(now) ?? null) : null;
      return earliest(pushing.nextAt(), refreshAt(now), looks, beside);
    },
    metPlex: () => {
      libraryLookAt = clock.now() + librariesFreshMs;
      setupLookAt = clock.now() + settingsFreshMs;
    },
    clockWentBack: () => {
      libraryLookAt = Number.POSITIVE_INFINITY;
      setupLookAt = 0;
    },
  };
}
