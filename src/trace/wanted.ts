// Whether traces are wanted: by the variables that every OpenTelemetry SDK knows
// (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables). Their values are the SDK's.
import type { Tracing } from '../sync/base/tracing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function tracesWanted(env: Environment): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  const exporter = env['OTEL_TRACES_EXPORTER']?.trim() ?? '';
  if (exporter !== '' && exporter !== 'otlp') return false;
  const endpoints = [env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'], env['OTEL_EXPORTER_OTLP_ENDPOINT']];
  return endpoints.some((endpoint) => (endpoint ?? '').trim() !== '');
}

/** The tracer, or null where none is wanted; only then nothing of the SDK is loaded. */
export async function openTracingIfWanted(
  env: Environment,
  version: string,
): Promise<Tracing | null> {
  if (!tracesWanted(env)) return null;
  const { openTracing } = await import('./otel.ts');
  return openTracing(version);
}
