// The state that one reads from across the room: a sign, a word and PlexSync's own sentence.
import type { Report } from './show.ts';

export type Mood = 'good' | 'busy' | 'away' | 'bad' | 'unknown';

export interface Mark {
  readonly mood: Mood;
  readonly sign: string;
  readonly word: string;
  readonly sentence: string;
}

const signs: Readonly<Record<Mood, readonly [sign: string, word: string]>> = {
  good: ['●', 'In step'],
  busy: ['◐', 'Working'],
  away: ['▲', 'Plex is away'],
  bad: ['✕', 'Stopped'],
  unknown: ['◌', 'Not known'],
};

export function markOf({ status, error }: Report): Mark {
  const mood = moodOf({ status, error });
  const [sign, word] = signs[mood];
  const told = status?.sentence ?? 'PlexSync is being asked for the first time.';
  const sentence = error === null ? told : `${error} What it said before: ${told}`;
  return { mood, sign, word, sentence };
}

function moodOf({ status, error }: Report): Mood {
  if (error !== null || status === null) return 'unknown';
  const { circuit } = status.plex;
  if (circuit === 'refused' || status.problems.length > 0) return 'bad';
  if (circuit !== 'closed') return 'away';
  const { spooled, pending, inFlight } = status.queue;
  return spooled + pending + inFlight > 0 ? 'busy' : 'good';
}
