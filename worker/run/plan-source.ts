import { randomUUID } from "node:crypto";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault, type FaultKind } from "#shared/fault.ts";
import type { Clip } from "#shared/job/clip.ts";
import type { SourceFacts } from "#shared/job/source-facts.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { rounded } from "#worker/facts/rounded.ts";
import { examinedFacts } from "#worker/facts/source.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Admit } from "#worker/jobs/admit.ts";
import { checkClip } from "#worker/jobs/wanted-clip.ts";
import { passingFolder } from "#worker/journal/durable.ts";
import { plan } from "#worker/plan/decide.ts";
import type { PlannedRenditions } from "#worker/plan/planned-rendition.ts";
import { renditionsOf } from "#worker/plan/renditions.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { checkCanAim } from "#worker/quality/check-aim.ts";
import { checkMeasurable } from "#worker/quality/check-metric.ts";
import type { OpenSource } from "#worker/source/source.ts";
import { bytesOf } from "./source.ts";

type Deps = {
  openSource: OpenSource;
  stopSignal: AbortSignal;
  admit: Admit;
  /** The worker's own folder. */
  workDir: string;
  spawn: Promise<Spawn>;
  ffmpeg: Promise<Capabilities>;
};

/** What a dry run is asked for. */
type Asked = {
  inputUrl: string;
  presets: readonly Preset[];
  /** A preset with what is asked of how it applies; throws for what it does not take. */
  ordered(preset: Preset): Preset;
  /** The part of the source that would be encoded; absent: all of it. */
  clip?: Clip;
  timeoutMs: number;
  signal: AbortSignal;
};

/** What a preset would make of a source, or why it refuses the source. */
export type PresetPlan = PlannedRenditions & {
  preset: Preset;
  warnings: readonly string[];
  error?: { kind: FaultKind; message: string };
};

/** A dry run: fetches and examines a source as a job does, in a slot of its own, and plans what presets would make of it. */
export type PlanSource = (asked: Asked) => Promise<PlannedSource>;
type PlannedSource = {
  source: SourceFacts;
  /** The part that would be encoded, in seconds of the source. */
  clip?: Required<Clip>;
  plans: readonly PresetPlan[];
};

export function makePlanSource({ openSource, stopSignal, admit, workDir, ...deps }: Deps): PlanSource {
  const examined = async ({ inputUrl, clip, timeoutMs }: Asked, signal: AbortSignal) => {
    await using folder = await passingFolder(workDir, `plan-${randomUUID()}`);
    const starting = await deps.spawn;
    const locating = { signal, stallMs: timeoutMs, spawn: starting, longestMs: timeoutMs };
    const source = await openSource(inputUrl, folder.path, signal, undefined, bytesOf(clip, locating));
    const spawn = spawnFor(starting, { reads: [source.path], longestMs: timeoutMs });
    const probe = await examine(source.path, { signal, spawn, clip });
    return { probe, source: await examinedFacts(probe, source) };
  };

  return async (asked) => {
    using _admitted = admit();
    using limit = linkedSignal([asked.signal, stopSignal], asked.timeoutMs);
    try {
      const { probe, source } = await examined(asked, limit.signal);
      const ffmpeg = await deps.ffmpeg;
      const plans = asked.presets.map((preset) => planFor(preset, asked.ordered, probe, ffmpeg));
      return { source, ...takenFrom(probe), plans: await Promise.all(plans) };
    } catch (error) {
      if (error instanceof Fault || !limit.signal.aborted) throw error;
      asked.signal.throwIfAborted();
      if (stopSignal.aborted) throw new Fault("busy", "the worker stops", { cause: error });
      const seconds = asked.timeoutMs / 1_000;
      throw new Fault("timeout", `the source was not fetched and examined within ${seconds} s`, { cause: error });
    }
  };
}

const takenFrom = ({ clip, durationSeconds = 0 }: Probe) =>
  clip ? { clip: { start: rounded(clip.start), end: rounded(clip.start + durationSeconds) } } : {};

// Nothing is written: what a plan says of paths is not told.
const place = { input: "/source", outputDir: "/output", stem: "output", keyInfoFile: "/key" };

async function planFor(
  named: Preset,
  ordered: Asked["ordered"],
  probe: Probe,
  ffmpeg: Capabilities,
): Promise<PresetPlan> {
  try {
    const preset = ordered(named);
    checkClip(probe.clip ? { clip: { start: probe.clip.start } } : {}, preset);
    const planned = plan(preset, probe, place, ffmpeg);
    if (!("ffmpeg_args" in preset)) {
      if (preset.measure) checkMeasurable(preset.measure, planned, ffmpeg);
      await checkCanAim(omitEmpty({ quality: preset.quality }), preset, Promise.resolve(ffmpeg));
    }
    return { preset, ...renditionsOf(preset, probe), warnings: planned.warnings ?? [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, message } = error;
    return { preset: named, renditions: [], dropped: [], warnings: [], error: { kind, message } };
  }
}
