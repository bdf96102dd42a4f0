// What Stash makes of a plugin's stdout: one JSON object with `error` and `output`, else plain text.
// (stashapp/stash pkg/plugin/raw.go getOutput, pkg/plugin/common/msg.go PluginOutput)
import { goMap, isRecord } from '../goFormats.ts';
import type { ProcessEnd } from './process.ts';

export interface PluginOutput {
  /** Not null = the plugin failed, even if the text is empty. */
  readonly error: string | null;
  readonly output: unknown;
}

/** The output of a process that has ended; a bad exit counts only where it named no error itself. */
export function pluginOutput(end: ProcessEnd): PluginOutput {
  const parsed = parse(end.stdout);
  return parsed.error === null ? { ...parsed, error: exitError(end) } : parsed;
}

function parse(stdout: string): PluginOutput {
  const asText = { error: null, output: stdout };
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return asText;
  }
  if (value === null) return { error: null, output: null };
  if (!isRecord(value)) return asText;
  const error = fieldOf(value, 'error') ?? null;
  // Go has made room for the text before it finds that the value is none.
  if (error !== null && typeof error !== 'string') return { ...asText, error: '' };
  return { error, output: goMap(fieldOf(value, 'output') ?? null) };
}

/** Go's JSON reader takes names in any case; the last one wins. */
function fieldOf(object: Record<string, unknown>, name: string): unknown {
  return Object.entries(object).findLast(([key]) => key.toLowerCase() === name)?.[1];
}

function exitError(end: ProcessEnd): string | null {
  if (end.signal !== null) return `signal: ${signalNames[end.signal] ?? end.signal}`;
  return end.exitCode === 0 ? null : `exit status ${end.exitCode}`;
}

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
  SIGHUP: 'hangup',
  SIGPIPE: 'broken pipe',
  SIGSEGV: 'segmentation fault',
  SIGABRT: 'aborted',
};
