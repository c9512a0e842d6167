import type { JobNews } from "#shared/job/event.ts";
import type { Storages } from "#shared/storage/storage.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { plan } from "#worker/plan/plan.ts";
import { type Presets, presetNamed } from "#worker/presets/load.ts";
import type { OpenSource } from "#worker/source/open.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { deliver } from "./deliver.ts";
import { encodeAndTell } from "./encode.ts";
import type { Job } from "./job.ts";
import type { Reporter } from "./reporter.ts";
import { fetchSource } from "./source.ts";
import { storageOf } from "./storage-of.ts";

/** What a job's steps need of the world. */
export type Tools = {
  openSource: OpenSource;
  presets: Presets;
  storages: Storages;
  /** How long ffmpeg may go without progress. */
  stallMs: number;
  now(): number;
};

/** One attempt at a job from its source to its published output. Whatever ends it early, nothing of it is visible. */
export async function runJob(job: Job, reporter: Reporter, tools: Tools): Promise<JobNews> {
  const { order, journal, signal } = job;
  const startedAt = tools.now();

  await journal.makeFolders();
  const source = await fetchSource(job, reporter, tools.openSource);
  const probed = await probe(source.path, { signal });
  const planned = plan(presetNamed(tools.presets, order.preset), probed.probe, {
    input: source.path,
    outputDir: journal.outputDir,
  });
  const { cpuSeconds } = await encodeAndTell(job, reporter, planned, tools.stallMs);
  const files = await inspectOutputs(planned, journal.outputDir, signal);
  verify(planned, files);

  const delivery = await deliver(job, reporter, storageOf(order, tools.storages), {
    names: files.map((file) => file.name),
    entry: planned.entry,
  });
  const published = await delivery.publish();

  return {
    ...published,
    receipt: {
      workerSeconds: (tools.now() - startedAt) / 1_000,
      cpuSeconds: probed.cpuSeconds + cpuSeconds,
      bytesIn: source.bytes,
      bytesOut: published.bytesUploaded,
    },
  };
}
