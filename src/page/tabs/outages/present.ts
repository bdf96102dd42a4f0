// How Plex is now, in sentences. Pure.
import type { OutagesAnswer } from '../../../contract/outages.ts';
import type { Status } from '../../../contract/status.ts';
import { readOnlyCause } from '../../../domain/recover/refusal.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { counted } from '../../format/words.ts';
import { outagesTexts } from '../../texts/outages.ts';
import { provenMs } from '../overview/headline.ts';

export type PresentKind = 'well' | 'unknown' | 'away' | 'refused';

export interface Present {
  readonly kind: PresentKind;
  readonly sentences: readonly string[];
}

type Now = OutagesAnswer['now'];

/** @param now null while Plex is well @param at Unix ms, the time now */
export function present(now: Now, status: Status | null, at: number): Present {
  if (now === null) return withoutOutage(status, at);
  const length = duration(at - now.since);
  const cause = now.cause.replace(/\.$/, '');
  const isRefused = now.kind === 'token';
  const away = now.code === 'plex-maintenance' ? outagesTexts.notReady : outagesTexts.away;
  return {
    kind: isRefused ? 'refused' : 'away',
    sentences: [
      isRefused ? outagesTexts.refused(length) : away(length, cause),
      ...(isRefused && now.cause === readOnlyCause ? [now.cause] : []),
      ...(isRefused ? [outagesTexts.refusedHelp] : []),
      waits(now.waiting),
      ...(isRefused ? [] : [nextTry(now, status, at)]),
      ...(now.probes > 0 ? [outagesTexts.tries(counted(now.probes, 'try', 'tries'))] : []),
    ],
  };
}

function withoutOutage(status: Status | null, at: number): Present {
  const answeredAt = status?.plex.answeredAt ?? null;
  if (answeredAt === null) return { kind: 'unknown', sentences: [outagesTexts.notAsked] };
  const age = at - answeredAt;
  if (age >= provenMs)
    return { kind: 'unknown', sentences: [outagesTexts.noneKnown(duration(age))] };
  return { kind: 'well', sentences: [outagesTexts.well(duration(age))] };
}

function waits(waiting: number): string {
  if (waiting === 0) return outagesTexts.nothingWaits;
  const things = counted(waiting, outagesTexts.things, outagesTexts.manyThings);
  return outagesTexts.waiting(things, waiting === 1);
}

function nextTry({ nextTryAt }: NonNullable<Now>, status: Status | null, at: number): string {
  if (status !== null && !status.workerAlive) return outagesTexts.noWorker;
  if (nextTryAt === null || nextTryAt <= at) return outagesTexts.trying;
  return outagesTexts.next(duration(nextTryAt - at));
}
