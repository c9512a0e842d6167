import type { Clip } from "#shared/job/clip.ts";
import { neededBytes } from "#worker/ffmpeg/needed-bytes.ts";
import type { Reading } from "#worker/ffmpeg/read-process.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { LocateBytes, OpenSource } from "#worker/source/source.ts";
import { type FetchedSource, fetchEach } from "./fetch-each.ts";

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
  /** How many bytes all sources may have together. */
  maxSourceBytes: number;
  /** Signs certificates, which name all bytes of a source; undefined where none are signed. */
  certificates?: unknown;
};

/** Fetches the sources into the job's folder, or what clips need of them, unless an earlier attempt has done so. */
export function fetchSources(
  { order, journal, meter, signal }: Job,
  { report }: Reporter,
  { openSource, stallMs, maxSourceBytes, certificates }: Deps,
  spawn: Spawn,
): Promise<FetchedSource[]> {
  const dirs = journal.sourceDirs(order.inputs?.length ?? 1);
  let before = 0;
  return fetchEach(
    order,
    { tenant: order.tenant, dirs, maxSourceBytes, signal },
    async ({ url, clip, dir, name }, check) => {
      const there = await journal.source(dir);
      if (there) {
        report({ status: "processing", message: `Going on with ${name} fetched before` });
        return there;
      }
      report({ status: "processing", message: `Fetching ${name}` });
      const onBytes = (bytes: number, total = bytes) => {
        check(total);
        meter.fetched(before + bytes);
        report({ status: "processing", message: `Fetching ${name}: ${megabytes(bytes)} MB` });
      };
      const locating = { signal, stallMs, spawn, longestMs: order.timeoutMs };
      const locate = certificates ? undefined : bytesOf(clip, locating);
      const source = await openSource(url, dir, signal, onBytes, locate);
      before += source.fetched ?? source.bytes;
      meter.fetched(before);
      await journal.fetched(source, dir);
      return source;
    },
  );
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
