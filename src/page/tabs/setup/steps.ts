// The steps of the setup, and which one it is at. Pure.

export const steps = ['plex', 'token', 'test', 'libraries', 'paths', 'trial', 'first'] as const;
export type Step = (typeof steps)[number];

interface Facts {
  readonly hasUrl: boolean;
  readonly hasToken: boolean;
  /** Plex answered as it should, in the last test. */
  readonly isWell: boolean;
  /** The step that the address names. */
  readonly wanted: string | undefined;
}

/** A step that lacks one before it is not reached, whatever the address says. */
export function stepNow({ hasUrl, hasToken, isWell, wanted }: Facts): Step {
  const chosen = steps.find((step) => step === wanted);
  if (!hasUrl || chosen === 'plex') return 'plex';
  if (!hasToken || chosen === 'token') return 'token';
  if (chosen === undefined) return isWell ? 'libraries' : 'test';
  return chosen;
}

export const isBefore = (step: Step, other: Step): boolean =>
  steps.indexOf(step) < steps.indexOf(other);
