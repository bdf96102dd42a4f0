import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tracesWanted } from '../../src/trace/wanted.ts';

describe('[1.2 OBS-01] traces are wanted', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'TRUE' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [{ OTEL_SERVICE_NAME: 'x' }, false],
  ])('%j: %s', (env, wanted) => {
    expect(tracesWanted(env)).toBe(wanted);
  });

  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('and only then is anything of the SDK loaded: %j', (env, loaded) => {
    const wanted = join(import.meta.dirname, '..', '..', 'src', 'trace', 'wanted.ts');
    const program = `
      const { openTracingIfWanted } = await import(${JSON.stringify(wanted)});
      const { createRequire } = await import('node:module');
      const tracing = await openTracingIfWanted(process.env, '1.0.0');
      await tracing?.close();
      const cached = Object.keys(createRequire(${JSON.stringify(wanted)}).cache);
      console.log(cached.some((path) => path.includes('opentelemetry')));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { env });
    expect(said.toString().trim()).toBe(String(loaded));
  });
});
