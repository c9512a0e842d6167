import { hostname } from "node:os";
import { trace as api, ROOT_CONTEXT, type SpanContext, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { version } from "#shared/version.ts";
import type { TracingConfig } from "./settings.ts";
import type { Span, Trace } from "./trace.ts";
import { traceparent, within } from "./traceparent.ts";

const batchMs = 1_000;
const lastBatchMs = 2_000;

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/** Sends spans in batches by OTLP/HTTP. What cannot be sent is dropped: it harms no work. */
export function otlpTrace({ endpoint, headers, serviceName, ratio }: TracingConfig, log: Log): Trace {
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  const exporter = complainingOnce(new OTLPTraceExporter({ url, headers: { ...headers } }), log);
  const about = { "service.name": serviceName, "service.version": version, "host.name": hostname() };
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(about)),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: batchMs })],
  });
  const tracer = provider.getTracer("flux-encoder", version);

  return {
    async span(name, { kind = "internal", parent = traceparent(), attributes = {} }, work) {
      const context = parent ? api.setSpanContext(ROOT_CONTEXT, contextOf(parent)) : ROOT_CONTEXT;
      const made = tracer.startSpan(name, { kind: kinds[kind], attributes }, context);
      const span: Span = {
        rename: (name) => void made.updateName(name),
        set: (attributes) => void made.setAttributes(attributes),
        fail(error) {
          made.setAttribute("error.type", typeOf(error));
          made.setStatus({ code: SpanStatusCode.ERROR, ...(error instanceof Fault && { message: error.message }) });
        },
      };
      try {
        return await within(traceparentOf(made.spanContext()), () => work(span));
      } catch (error) {
        span.fail(error);
        throw error;
      } finally {
        made.end();
      }
    },
    async close() {
      await Promise.race([provider.shutdown().catch(() => {}), Bun.sleep(lastBatchMs)]);
    },
  };
}

/** Logs the first failure of a row of them. */
function complainingOnce(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error && !isFailing) log.warn({ err: result.error }, "traces cannot be sent");
        isFailing = result.error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

function contextOf(parent: string): SpanContext {
  const [, traceId = "", spanId = "", flags = ""] = parent.split("-");
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext) =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

const typeOf = (error: unknown) => {
  if (error instanceof Fault) return error.kind;
  return error instanceof Error ? error.name : "_OTHER";
};
