// Lengths of time in words, as a person would say them.

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} hours`
    : `${Math.round(seconds / 86_400)} days`;
}

/** "3 to 5 minutes", "50 s to 3 minutes"; one length where both are said alike. */
export function durationRange(leastMs: number, mostMs: number): string {
  const [least, most] = [duration(leastMs), duration(Math.max(leastMs, mostMs))];
  if (least === most) return most;
  const [number = '', unit] = least.split(' ');
  return `${most.endsWith(` ${unit}`) ? number : least} to ${most}`;
}
