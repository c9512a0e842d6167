import { basename } from "node:path";
import type { JobUpdate } from "#shared/job/event.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { Certificates } from "#worker/certificate/certificates.ts";
import { stemOf } from "#worker/delivery/destination.ts";
import { type KeySource, keyFiles, keyInfoFor, segmentKeyIn } from "#worker/delivery/encryption-key.ts";
import { type DeliveryDeps, openOutput } from "#worker/delivery/output.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import { tryDestination } from "#worker/delivery/try-destination.ts";
import { watchFreeSpace } from "#worker/disk-space.ts";
import { outputFacts } from "#worker/facts/output.ts";
import type { AskedFfmpeg } from "#worker/ffmpeg/capabilities.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import { finishFile } from "#worker/ffmpeg/run-plan.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { fetchOverlays } from "#worker/overlays/fetch-overlays.ts";
import { withTracks } from "#worker/plan/chosen-tracks.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Encoded } from "#worker/plan/plan.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { type Presets, presetNamed } from "#worker/presets/load.ts";
import { outcomeOf } from "#worker/quality/aim-outcome.ts";
import type { OpenSource } from "#worker/source/source.ts";
import { makeSourceHashes } from "#worker/source/source-hashes.ts";
import { fetchSubtitles } from "#worker/subtitles/fetch-subtitles.ts";
import { readSubtitles } from "#worker/subtitles/read-subtitles.ts";
import { damageWithin } from "#worker/verify/damage.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { aimForOrder } from "./aim.ts";
import { burnedFor } from "./burned.ts";
import { deliverRetained, retainedFor } from "./deliver-retained.ts";
import { encodeAndReport } from "./encode.ts";
import { endedPieces } from "./encode-progress.ts";
import type { SharedBoards } from "./encode-shared.ts";
import { examineSources, filmOf } from "./examine-sources.ts";
import { measureAndReport } from "./measure.ts";
import { planJob } from "./plan-job.ts";
import { fetchSources } from "./source.ts";

/** What a job's steps need of the world. */
export type RunDeps = {
  /** Fetches the source of an order. */
  openSource: OpenSource;
  /** How many bytes of a source, and of what is laid over it, are fetched at most. */
  maxSourceBytes: number;
  presets: Presets;
  /** The configured storages, by name. */
  storages: Storages;
  delivery: DeliveryDeps;
  /** Where the keys of encrypted outputs come from. */
  keys: KeySource;
  /** The outputs whose delivery is retried without encoding them again. */
  retained: RetainedOutputs;
  /** The share of a source, from 0 to 1, that may be impossible to decode; a job that finds more fails. */
  mostDamage: number;
  /** How outputs are checked before they are shown: see VERIFY. */
  verification: "plan" | "cheap" | "full";
  /** How long ffmpeg may go without progress. */
  stallMs: number;
  /** About how long the pieces are that longer films are encoded in, in seconds; undefined: one encode. */
  splitSeconds?: number | undefined;
  /** Where other workers find pieces of longer films; undefined where this one shares none. */
  shared?: SharedBoards | undefined;
  /** Starts ffmpeg and ffprobe. */
  spawn: Promise<Spawn>;
  /** What ffmpeg can, which may still be asked when the worker's first job comes. */
  ffmpeg: AskedFfmpeg;
  /** Describes encodes for their certificates; undefined where the worker signs none. */
  certificates?: Pick<Certificates, "describe"> | undefined;
  /** The time in Unix milliseconds. */
  now(): number;
};

/** One attempt at a job from its source to its published output. Whatever ends it early, nothing of it is visible. */
export async function runJob(job: Job, reporter: Reporter, deps: RunDeps): Promise<JobUpdate> {
  const retained = await retainedFor(job, deps.retained);
  return retained ? deliverRetained(job, reporter, retained, deps) : encodeAndDeliver(job, reporter, deps);
}

async function encodeAndDeliver(job: Job, reporter: Reporter, deps: RunDeps): Promise<JobUpdate> {
  const { order, journal, meter, signal, step } = job;
  const named = presetNamed(deps.presets, order.preset);
  const preset = presetFor(order, named);
  const storage = meter.storage(storageOf(order, deps.storages));

  await tryDestination(order, storageOf(order, deps.storages), signal);
  await journal.makeFolders(order.inputs?.length);
  const starting = meter.spawn(await deps.spawn);
  const sources = await step("source", () => fetchSources(job, reporter, deps, starting));
  using hashes = makeSourceHashes(sources);
  const sourceHash = hashes.ofAll;
  const description = deps.certificates?.describe(sources, hashes.each);
  const spawn = spawnFor(starting, {
    reads: [
      ...sources.map(({ path }) => path),
      journal.outputDir,
      journal.overlaysDir,
      journal.subtitlesDir,
      ...keyFiles(journal),
    ],
    longestMs: order.timeoutMs,
  });
  const fetching = { openSource: deps.openSource, maxBytes: deps.maxSourceBytes };
  const texts = await fetchSubtitles(job, { ...fetching, sources });
  const overlays = await fetchOverlays(order.overlay, journal.overlaysDir, {
    ...{ ...fetching, sourceBytes: total(sources) + total(texts), signal, spawn },
    onBytes: (bytes) => meter.fetched(bytes),
  });
  const examined = await step("probe", () => examineSources(sources, { signal, spawn }));
  const { probe: film, facts } = filmOf(examined, preset);
  const probed = withTracks(preset, film);
  job.setSources(facts);
  const input = sources[0]?.path ?? "";
  const reading = { preset, probe: probed, input, dir: journal.subtitlesDir, files: texts };
  const read = await readSubtitles(order, reading, { signal, spawn });
  const burned = await burnedFor(job, read.shown.subtitles ?? [], { preset, probe: probed, input, signal, spawn });
  const ours = await journal.uploads();
  const keyInfoFile = await keyInfoFor(
    preset,
    { order, journal, signal, attempt: reporter.attempt },
    storage,
    deps.keys,
  );
  const paths = { input, outputDir: journal.outputDir, stem: stemOf(basename(order.output.path)) };
  const place = { ...paths, ...(keyInfoFile && { keyInfoFile }), overlays, ...read.shown, ...burned.drawn };
  const { capabilities } = deps.ffmpeg;
  const aiming = { input, source: probed, sourceHash, capabilities, stallMs: deps.stallMs, spawn };
  const aimed = await aimForOrder(job, reporter, preset, aiming);
  const chosen = aimed?.preset ?? preset;
  const { planned, seconds, ffmpeg } = await step("plan", () =>
    planJob(order, preset, deps, (known) => plan(chosen, probed, place, known)),
  );

  const inspector = makeSegmentInspector(planned, keyInfoFile ? await segmentKeyIn(keyInfoFile) : undefined);
  const finishAndInspect = async (path: string) => {
    await finishFile(planned, path);
    await inspector.inspect(path);
  };
  // What is measured stays on the disk until then.
  const delivery = { ...deps.delivery, keepLocal: deps.delivery.keepLocal || order.measure !== undefined };
  const output = await openOutput(job, reporter, storage, planned, { ours, inspect: finishAndInspect }, delivery);
  using space = watchFreeSpace(journal.outputDir, "the output");
  try {
    const options = { stallMs: deps.stallMs, spawn };
    const splitting = {
      seconds,
      ...{ source: probed, input, sourceHash, preset: chosen, ffmpeg, shared: deps.shared },
      planWith: (encoded: Encoded) => plan(chosen, probed, { ...place, ...encoded }, ffmpeg),
    };
    const report = await step("encode", () =>
      encodeAndReport(job, reporter, planned, output, { ...options, splitting }),
    );
    // Stills are made of some of the pictures, which tell nothing of the rest.
    const damage = planned.durationSeconds === undefined ? undefined : damageWithin(deps.mostDamage, probed, report);
    // What is on its way now would leave the disk while it is looked at.
    await output.settle();
    await measureEntries(planned, { delivered: output.delivered, inspector });
    const inspection = { delivered: output.delivered, inspector, spawn, full: deps.verification === "full" };
    const outputs = await step("verify", async () => {
      const files = await inspectOutputs(planned, journal.outputDir, signal, inspection);
      try {
        verify(planned, files, report, damage ? undefined : probed);
        if (!damage && deps.verification !== "plan") {
          const encoded = { plan: planned, files, report, source: probed, input };
          await comparePictures(encoded, { signal, spawn });
        }
      } catch (error) {
        await space.check();
        throw error;
      }
      return outputFacts(planned, files);
    });
    const { quality: measured } = await measureAndReport(job, reporter, planned, report, options);
    const quality = aimed ? outcomeOf(aimed, planned, measured) : measured;
    const warnings = [
      ...(damage ? [`the source is damaged: ${damage.words}`] : []),
      ...[...read.warnings, ...burned.warnings, ...(report.warnings ?? [])],
    ];
    const made = await description?.made({ preset: named, plan: planned, report, version: ffmpeg.version });
    const published = await output.publish({
      ...{ warnings, made },
      facts: { ...facts, outputs, ...(quality && { quality }) },
    });
    return { ...published, ...endedPieces(report) };
  } finally {
    await output.end();
  }
}

const total = (sources: readonly { bytes: number }[]) => sources.reduce((sum, { bytes }) => sum + bytes, 0);
