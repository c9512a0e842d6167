import * as v from "valibot";
import { list, setting } from "#shared/env.ts";

const endpoint = v.pipe(v.string(), v.regex(/^https?:\/\/[^/]/, "write a URL such as http://127.0.0.1:4318"), v.url());

const headers = v.pipe(
  list,
  v.everyItem(
    (entry) => /^[^=\s]+=([^\s%]|%[0-7][0-9a-f])*$/i.test(entry),
    "write name=value, comma separated, values percent-encoded",
  ),
  v.transform((entries) => Object.fromEntries(entries.map(headerIn))),
);

function headerIn(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), decodeURIComponent(entry.slice(at + 1))];
}

const ratio = v.pipe(
  v.string(),
  v.regex(/^(0|1|[01]?\.\d+)$/, "write a number from 0 to 1"),
  v.transform(Number),
  v.maxValue(1, "write a number from 0 to 1"),
);

/** The settings of traces, named as OpenTelemetry names them. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    "where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318; unset: there are none",
    endpoint,
  ),
  OTEL_EXPORTER_OTLP_HEADERS: setting(
    "header fields sent with them, as name=value, comma separated, values percent-encoded",
    headers,
    "",
  ),
  OTEL_SERVICE_NAME: setting("what traces call this part; default: flux-controlplane, flux-worker", v.string()),
  OTEL_TRACES_SAMPLER_ARG: setting("which part of the traces that begin here is kept, from 0 to 1", ratio, "1"),
};

export type TracingConfig = NonNullable<ReturnType<typeof tracingConfig>>;

type Parsed = v.InferOutput<v.ObjectSchema<typeof tracingSettings, undefined>>;

/** Undefined when there are to be no traces. */
export const tracingConfig = (parsed: Parsed, defaultName: string) =>
  parsed.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : {
        /** The URL of an OTLP receiver, below which `v1/traces` lies. */
        endpoint: parsed.OTEL_EXPORTER_OTLP_ENDPOINT,
        /** Sent with each batch. */
        headers: parsed.OTEL_EXPORTER_OTLP_HEADERS,
        /** What the spans are of, such as `flux-worker`. */
        serviceName: parsed.OTEL_SERVICE_NAME ?? defaultName,
        /** The share of traces that are kept, from 0 to 1, where no caller has decided. */
        ratio: parsed.OTEL_TRACES_SAMPLER_ARG,
      };
