import { invalidField } from "#shared/fault.ts";
import { isMetric, type Metric, metrics } from "#shared/job/metric.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** What an order measures quality by; undefined when it is not to be measured. An order goes before its preset. */
export function wantedMetric(named: string, preset: Preset | undefined): Metric | undefined {
  if (named !== "") return metricNamed(named);
  return preset && "measure" in preset ? preset.measure : undefined;
}

function metricNamed(name: string): Metric {
  if (isMetric(name)) return name;
  throw invalidField("measure", `use ${metrics.join(" or ")}`);
}

type Asked = { measure: string; publish: string | undefined };

/** Throws when a preset's output cannot be measured, or not before it is shown. */
export function checkMeasure({ measure, publish }: Asked, preset: Preset | undefined): void {
  if (wantedMetric(measure, preset) === undefined || !preset) return;
  const why = whyNot(preset);
  // It is no matter of the worker that was asked, as it is where one lacks what measures.
  if (why !== undefined) throw invalidField("preset", `${preset.name} cannot be measured: ${why}; leave measure out`);
  if (publish === "progressive")
    throw invalidField("output.publish", "quality is measured before anything is shown; use atomic, or do not measure");
}

function whyNot(preset: Preset): string | undefined {
  if ("ffmpeg_args" in preset) return "nobody knows which pictures its own arguments make of a source";
  if (!preset.video) return "it makes no video";
  return "segments" in preset && preset.segments.encryption ? "its segments are encrypted" : undefined;
}
