// Reads single values out of what Stash keeps of a plugin's settings. A setting never typed is
// absent; Stash shows and stores unset numbers as 0, unset texts as '' and unset switches as off.

export type Raw = Readonly<Record<string, unknown>>;

/** Takes down a problem, in words that complete a sentence which begins with the setting's name. */
export type Report = (setting: string, message: string) => void;

/** The text without blanks around it, '' if none was typed. */
export function readText(raw: Raw, setting: string, report: Report): string {
  const value = raw[setting] ?? '';
  if (typeof value === 'string') return value.trim();
  // Not even a number is repeated: it may be what was pasted as the token.
  report(setting, `must be a text, but is ${kindOf(value)}. Type it again.`);
  return '';
}

export function readSwitch(raw: Raw, setting: string, report: Report): boolean {
  const value = raw[setting] ?? false;
  if (typeof value === 'boolean') return value;
  report(setting, `must be switched on or off, but is ${kindOf(value)}.`);
  return false;
}

export interface NumberBounds {
  readonly default: number;
  readonly lowest: number;
  readonly highest: number;
}

export function readWholeNumber(
  raw: Raw,
  setting: string,
  { default: usual, lowest, highest }: NumberBounds,
  report: Report,
): number {
  const value = raw[setting];
  if (value === undefined || value === null || value === 0 || value === '') return usual;
  const isWhole = typeof value === 'number' && Number.isInteger(value);
  if (isWhole && value >= lowest && value <= highest) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  report(
    setting,
    `must be a whole number between ${lowest} and ${highest} (0 = ${usual}), but is ${given}.`,
  );
  return usual;
}

/** What a value is, without repeating it. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return value ? 'switched on' : 'switched off';
  return Array.isArray(value) ? 'a list' : 'something else';
}
