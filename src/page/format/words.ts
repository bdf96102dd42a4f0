// Numbers, times and paths as a person reads them. Pure: the time comes in.
import { duration } from '../../domain/base/durationWords.ts';

const separated = new Intl.NumberFormat('en');

/** "12,340" */
export const number = (value: number): string => separated.format(value);

/** "1 change", "12,340 changes". @param many where it is not one with an s */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

const soonMs = 1_500;

/** "2 minutes ago", "in 40 s", "now". @param at @param now both Unix ms */
export function relative(at: number, now: number): string {
  const ms = at - now;
  if (Math.abs(ms) < soonMs) return 'now';
  return ms < 0 ? `${duration(-ms)} ago` : `in ${duration(ms)}`;
}

const exactFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** "21 Nov 2026, 19:04:00", in the time of the browser. */
export const exact = (at: number): string => exactFormat.format(at);

/**
 * A path whose middle is left out where it is longer than `most` characters: its beginning tells
 * the disk, its end the file.
 */
export function shortened(path: string, most: number): string {
  const characters = Array.from(path);
  if (characters.length <= most) return path;
  const head = Math.floor((most - 1) / 3);
  const tail = most - 1 - head;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}

/** "31 a second", "4 a minute", "2 an hour". @param perMinute more than 0 */
export function rate(perMinute: number): string {
  const perSecond = perMinute / 60;
  if (perSecond >= 0.95) return `${number(Math.round(perSecond))} a second`;
  if (perMinute >= 0.95) return `${number(Math.round(perMinute))} a minute`;
  return `${number(Math.max(1, Math.round(perMinute * 60)))} an hour`;
}
