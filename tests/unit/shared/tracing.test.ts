import { expect, test } from "bun:test";
import * as v from "valibot";
import { parseEnv } from "#shared/env.ts";
import { tracingConfig, tracingSettings } from "#shared/tracing/settings.ts";
import { noSpans } from "#shared/tracing/trace.ts";
import { parseTraceparent, traceIdOf, traceparent, within } from "#shared/tracing/traceparent.ts";

const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
const header = `00-${traceId}-${spanId}-01`;

test("a traceparent is read in any version to come, and known as version 00", () => {
  expect(parseTraceparent(header)).toBe(header);
  expect(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-brings`)).toBe(header);
  expect(traceIdOf(header)).toBe(traceId);
});

test.each([
  undefined,
  "",
  "1",
  header.toUpperCase(),
  `${header}-more`,
  `${header}0`,
  ` ${header}`,
  `ff-${traceId}-${spanId}-01`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId}-${spanId}\n-01`,
])("what is no traceparent is none: %p", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test("work goes on in its span across everything it waits for, and in no other's", async () => {
  const seen = async () => {
    await Bun.sleep(1);
    return traceparent();
  };
  expect(await Promise.all([within(header, seen), seen(), within(undefined, seen)])).toEqual([
    header,
    undefined,
    undefined,
  ]);
  expect(await noSpans.span("any", { parent: header }, seen)).toBe(header);
});

const config = (env: Record<string, string>) => tracingConfig(parseEnv(v.object(tracingSettings), env), "flux-test");

test("without an endpoint there are no traces, whatever else is set", () => {
  expect(config({ OTEL_SERVICE_NAME: "a", OTEL_EXPORTER_OTLP_HEADERS: "a=b" })).toBeUndefined();
});

test("settings are read as OpenTelemetry writes them", () => {
  const endpoint = "https://otel.example.com/base/";
  expect(config({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({
    endpoint,
    headers: {},
    serviceName: "flux-test",
    ratio: 1,
  });
  expect(
    config({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20YTpi==, x-tenant=acme",
      OTEL_SERVICE_NAME: "encoder",
      OTEL_TRACES_SAMPLER_ARG: "0.25",
    }),
  ).toEqual({
    endpoint,
    headers: { authorization: "Basic YTpi==", "x-tenant": "acme" },
    serviceName: "encoder",
    ratio: 0.25,
  });
});

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=%zz"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
  ["OTEL_TRACES_SAMPLER_ARG", "half"],
])("%s=%s is refused by name", (name, value) => {
  expect(() => config({ [name]: value })).toThrow(name);
});
