import type { OpenSource } from "#worker/source/open.ts";
import type { Job } from "./job.ts";
import type { Reporter } from "./reporter.ts";

/** Brings the source into the job's folder. */
export function fetchSource({ order, journal, signal }: Job, { say }: Reporter, openSource: OpenSource) {
  say({ status: "processing", message: "Fetching the source" });
  return openSource(order.inputUrl, journal.sourceDir, signal, (bytes) =>
    say({ status: "processing", message: `Fetching the source: ${megabytes(bytes)} MB` }),
  );
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
