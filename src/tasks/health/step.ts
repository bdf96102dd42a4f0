// How a step of the health check is told.
import type { HealthStep } from '../../contract/health.ts';

export function ok(name: string, finding: string): HealthStep {
  return { name, state: 'ok', finding, wayOut: null };
}

export function warn(name: string, finding: string, wayOut: string | null = null): HealthStep {
  return { name, state: 'warn', finding, wayOut };
}

export function fail(name: string, finding: string, wayOut: string): HealthStep {
  return { name, state: 'fail', finding, wayOut };
}

/** @param because completes "Not looked at: " */
export function skipped(name: string, because: string): HealthStep {
  return { name, state: 'skipped', finding: `Not looked at: ${because}.`, wayOut: null };
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
