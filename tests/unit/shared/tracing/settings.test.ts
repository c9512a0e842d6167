import { expect, test } from "bun:test";
import * as v from "valibot";
import { parseEnv } from "#shared/env.ts";
import { tracingConfig, tracingSettings } from "#shared/tracing/settings.ts";

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
