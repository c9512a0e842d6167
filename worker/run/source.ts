import type { Clip } from "#shared/job/clip.ts";
import { neededBytes } from "#worker/ffmpeg/needed-bytes.ts";
import type { Reading } from "#worker/ffmpeg/read-process.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { LocateBytes, OpenSource, Source } from "#worker/source/source.ts";
import { sourceUrlOf } from "#worker/source/upload-source.ts";

type Locating = Omit<Reading, "spawn"> & { spawn: Spawn; longestMs: number | undefined };

/** Tells what of a source a clip needs; undefined where there is none, so that all is needed. */
export function bytesOf(clip: Clip | undefined, { spawn, longestMs, ...reading }: Locating): LocateBytes | undefined {
  if (!clip) return undefined;
  return (path) => neededBytes(path, clip, { ...reading, spawn: spawnFor(spawn, { reads: [path], longestMs }) });
}

type Deps = {
  openSource: OpenSource;
  /** How long nothing more of a file may be read. */
  stallMs: number;
  /** Signs certificates, which name all bytes of a source; undefined where none are signed. */
  certificates?: unknown;
};

/** Fetches the source into the job's folder, or what a clip needs of it, unless an earlier attempt has done so. */
export async function fetchSource(
  { order, journal, meter, signal }: Job,
  { report }: Reporter,
  { openSource, stallMs, certificates }: Deps,
  spawn: Spawn,
): Promise<Source> {
  const fetched = await journal.source();
  if (fetched) {
    report({ status: "processing", message: "Going on with the source fetched before" });
    return fetched;
  }
  report({ status: "processing", message: "Fetching the source" });
  const onBytes = (bytes: number) => {
    meter.fetched(bytes);
    report({ status: "processing", message: `Fetching the source: ${megabytes(bytes)} MB` });
  };
  const locating = { signal, stallMs, spawn, longestMs: order.timeoutMs };
  const locate = certificates ? undefined : bytesOf(order.clip, locating);
  const source = await openSource(sourceUrlOf(order), journal.sourceDir, signal, onBytes, locate);
  meter.fetched(source.fetched ?? source.bytes);
  await journal.fetched(source);
  return source;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
