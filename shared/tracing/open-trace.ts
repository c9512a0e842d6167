import type { Log } from "#shared/log.ts";
import type { TracingConfig } from "./settings.ts";
import { noSpans, type Trace } from "./trace.ts";

/** Without settings nothing of OpenTelemetry is loaded. */
export async function openTrace(config: TracingConfig | undefined, log: Log): Promise<Trace> {
  if (!config) return noSpans;
  const { otlpTrace } = await import("./otlp.ts");
  return otlpTrace(config, log);
}
