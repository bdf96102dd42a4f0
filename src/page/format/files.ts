// Sizes and lengths of files as a person compares them. Pure.
import { number } from './words.ts';

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** "1.4 GB", "980 bytes", in steps of 1,000. */
export function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  const rounded = step === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${number(rounded)} ${units[step] ?? ''}`;
}

/** "42:10", "1:02:03". */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
