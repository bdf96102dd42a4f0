// Exports traces by the official SDK, over OTLP/HTTP (protobuf). Loaded only where the environment asks
// for it. Where to, with which headers, limits and sampling, is the SDK's to read from there.
import { type Context, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Tracing } from '../sync/base/tracing.ts';
import { type ChangeTrace, openChanges, type Part } from './changes.ts';

const closeAfterMs = 3_000;

export function openTracing(version: string): Tracing {
  // Of several that say the same the later wins: a person's variables go last.
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'plexsync', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('plexsync', version);

  const put = (part: Part, within: Context, attributes: ChangeTrace['attributes']): void => {
    const span = tracer.startSpan(part.name, { startTime: part.from, attributes }, within);
    const inside = trace.setSpan(within, span);
    for (const inner of part.parts ?? []) put(inner, inside, {});
    end(span, part);
  };
  const changes = openChanges((change) => put(change, context.active(), change.attributes));

  return {
    ...changes,
    close: async () => {
      const patience = new AbortController();
      const late = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, closeAfterMs);
        patience.signal.addEventListener('abort', () => clearTimeout(timer));
      });
      // A collector that is away must hold up nobody.
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      patience.abort();
    },
  };
}

function end(span: Span, { to, error }: Part): void {
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end(to);
}
