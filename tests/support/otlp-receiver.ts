import * as v from "valibot";
import { eventually } from "./service.ts";

const Value = v.union([
  v.pipe(
    v.object({ stringValue: v.string() }),
    v.transform(({ stringValue }) => stringValue),
  ),
  v.pipe(
    v.object({ intValue: v.union([v.number(), v.string()]) }),
    v.transform(({ intValue }) => Number(intValue)),
  ),
]);
const Attributes = v.pipe(
  v.array(v.object({ key: v.string(), value: Value })),
  v.transform(
    (pairs): Record<string, string | number> => Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
  ),
);
const Span = v.object({
  name: v.string(),
  traceId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  spanId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  parentSpanId: v.optional(v.string(), ""),
  kind: v.number(),
  attributes: Attributes,
  status: v.object({ code: v.number(), message: v.exactOptional(v.string()) }),
});

/** The body of a POST to /v1/traces (opentelemetry-proto, ExportTraceServiceRequest as JSON). */
const Export = v.object({
  resourceSpans: v.array(
    v.object({
      resource: v.object({ attributes: Attributes }),
      scopeSpans: v.array(v.object({ spans: v.array(Span) })),
    }),
  ),
});

export type ReceivedSpan = v.InferOutput<typeof Span> & { service: unknown };

/** Kinds and statuses as OTLP numbers them. */
export const spanKind = { internal: 1, server: 2, client: 3, consumer: 5 };
export const failed = 2;

/** Takes traces by OTLP/HTTP in JSON. */
export function otlpReceiver({ status = 200 } = {}) {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: Headers; text: string }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const text = await request.text();
      requests.push({ path: new URL(request.url).pathname, headers: request.headers, text });
      for (const { resource, scopeSpans } of v.parse(Export, JSON.parse(text)).resourceSpans) {
        const service = resource.attributes["service.name"];
        spans.push(...scopeSpans.flatMap((scope) => scope.spans).map((span) => ({ ...span, service })));
      }
      return Response.json({}, { status });
    },
  });
  return {
    url: server.url.origin,
    spans,
    requests,
    named: (name: string, from = spans) => from.filter((span) => span.name === name),
    /** The spans of a trace, when one that fits is among them. */
    async trace(traceId: unknown, fits: (span: ReceivedSpan) => boolean) {
      const ofTrace = () => spans.filter((span) => span.traceId === traceId);
      await eventually(() => ofTrace().some(fits), "the span has come");
      return ofTrace();
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
