import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { OpenSource, Source } from "#worker/source/source.ts";
import { sourceUrlOf } from "#worker/source/upload-source.ts";

/** Fetches the source into the job's folder, unless an earlier attempt has done so. */
export async function fetchSource(
  { order, journal, meter, signal }: Job,
  { report }: Reporter,
  openSource: OpenSource,
): Promise<Source> {
  const fetched = await journal.source();
  if (fetched) {
    report({ status: "processing", message: "Going on with the source fetched before" });
    return fetched;
  }
  report({ status: "processing", message: "Fetching the source" });
  const source = await openSource(sourceUrlOf(order), journal.sourceDir, signal, (bytes) => {
    meter.fetched(bytes);
    report({ status: "processing", message: `Fetching the source: ${megabytes(bytes)} MB` });
  });
  meter.fetched(source.bytes);
  await journal.fetched(source);
  return source;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
