import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault, type FaultKind } from "#shared/fault.ts";
import type { Clip } from "#shared/job/clip.ts";
import { type Sources, sourcesOf } from "#shared/job/inputs.ts";
import type { Overlay } from "#shared/job/overlay.ts";
import type { SourceFacts } from "#shared/job/source-facts.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { rounded } from "#worker/facts/rounded.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Admit } from "#worker/jobs/admit.ts";
import { checkClip } from "#worker/jobs/wanted-clip.ts";
import { checkJoining } from "#worker/jobs/wanted-inputs.ts";
import { passingFolder } from "#worker/journal/durable.ts";
import { sourceDirsIn } from "#worker/journal/source-dirs.ts";
import { fetchOverlays } from "#worker/overlays/fetch-overlays.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import { plan } from "#worker/plan/decide.ts";
import { withKnownEncoders } from "#worker/plan/known-encoders.ts";
import type { PlannedRenditions } from "#worker/plan/planned-rendition.ts";
import { renditionsOf } from "#worker/plan/renditions.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { checkCanAim } from "#worker/quality/check-aim.ts";
import { checkMeasurable } from "#worker/quality/check-metric.ts";
import type { OpenSource } from "#worker/source/source.ts";
import { type ExaminedSource, examineSources, filmOf } from "./examine-sources.ts";
import { fetchEach } from "./fetch-each.ts";
import { bytesOf } from "./source.ts";

type Deps = {
  openSource: OpenSource;
  /** How many bytes all sources may have together. */
  maxSourceBytes: number;
  stopSignal: AbortSignal;
  admit: Admit;
  /** The worker's own folder. */
  workDir: string;
  spawn: Promise<Spawn>;
  ffmpeg: Promise<Capabilities>;
};

/** What a dry run is asked for. */
type Asked = Sources & {
  /** Whose uploads the sources may be. */
  tenant?: string;
  /** What is to be laid over the film. Default: nothing. */
  overlay?: readonly Overlay[];
  presets: readonly Preset[];
  /** A preset with what is asked of how it applies; throws for what it does not take. */
  ordered(preset: Preset): Preset;
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
  /** What the source is; of several, the film that they would make, as far as no preset asks for another. */
  source?: SourceFacts;
  /** What each of several sources is. */
  sources?: SourceFacts[];
  /** The part that would be encoded, in seconds of the source. */
  clip?: Required<Clip>;
  plans: readonly PresetPlan[];
};

export function makePlanSource({ openSource, maxSourceBytes, stopSignal, admit, workDir, ...deps }: Deps): PlanSource {
  const examined = async ({ tenant, timeoutMs, ...asked }: Asked, signal: AbortSignal) => {
    await using folder = await passingFolder(workDir, `plan-${randomUUID()}`);
    const starting = await deps.spawn;
    const locating = { signal, stallMs: timeoutMs, spawn: starting, longestMs: timeoutMs };
    const dirs = sourceDirsIn(folder.path, sourcesOf(asked).length);
    const sources = await fetchEach(
      asked,
      { tenant, dirs, maxSourceBytes, signal },
      async ({ url, clip, dir }, check) => {
        await mkdir(dir, { recursive: true });
        const onBytes = (bytes: number, total = bytes) => check(total);
        return openSource(url, dir, signal, onBytes, bytesOf(clip, locating));
      },
    );
    const spawn = spawnFor(starting, { reads: sources.map(({ path }) => path), longestMs: timeoutMs });
    const overlays = await fetchOverlays(asked.overlay, join(folder.path, "overlays"), {
      ...{ openSource, maxBytes: maxSourceBytes, sourceBytes: total(sources), signal, spawn },
    });
    return { sources: await examineSources(sources, { signal, spawn }), overlays };
  };

  return async (asked) => {
    using _admitted = admit();
    using limit = linkedSignal([asked.signal, stopSignal], asked.timeoutMs);
    try {
      const { sources, overlays } = await examined(asked, limit.signal);
      const ffmpeg = await deps.ffmpeg;
      const { probe, facts } = filmOf(sources);
      const plans = asked.presets.map((preset) => planFor(preset, asked.ordered, { sources, overlays, ffmpeg }));
      return { ...facts, ...takenFrom(probe), plans: await Promise.all(plans) };
    } catch (error) {
      if (error instanceof Fault || !limit.signal.aborted) throw error;
      asked.signal.throwIfAborted();
      if (stopSignal.aborted) throw new Fault("busy", "the worker stops", { cause: error });
      const seconds = asked.timeoutMs / 1_000;
      throw new Fault("timeout", `the source was not fetched and examined within ${seconds} s`, { cause: error });
    }
  };
}

const total = (sources: readonly { bytes: number }[]) => sources.reduce((sum, { bytes }) => sum + bytes, 0);

const takenFrom = ({ clip, durationSeconds = 0 }: Probe) =>
  clip ? { clip: { start: rounded(clip.start), end: rounded(clip.start + durationSeconds) } } : {};

// Nothing is written: what a plan says of paths is not told.
const place = { input: "/source", outputDir: "/output", stem: "output", keyInfoFile: "/key" };

type Examined = {
  sources: readonly ExaminedSource[];
  overlays: readonly FetchedOverlay[];
  ffmpeg: Capabilities;
};

async function planFor(
  named: Preset,
  ordered: Asked["ordered"],
  { sources, overlays, ffmpeg }: Examined,
): Promise<PresetPlan> {
  try {
    const preset = ordered(named);
    if (sources.length > 1) checkJoining(preset);
    const { probe } = filmOf(sources, preset);
    checkClip(probe.clip ? { clip: { start: probe.clip.start } } : {}, preset);
    const planned = plan(preset, probe, { ...place, overlays }, ffmpeg);
    if (!("ffmpeg_args" in preset)) {
      if (preset.measure) checkMeasurable(preset.measure, planned, ffmpeg);
      await checkCanAim(omitEmpty({ quality: preset.quality }), preset, Promise.resolve(ffmpeg));
    }
    return { preset, ...renditionsOf(withKnownEncoders(preset, ffmpeg), probe), warnings: planned.warnings ?? [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { kind, message } = error;
    return { preset: named, renditions: [], dropped: [], warnings: [], error: { kind, message } };
  }
}
