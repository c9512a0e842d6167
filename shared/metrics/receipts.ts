import type { Receipt } from "#shared/job/receipt.ts";

const MiB = 2 ** 20;

/** What the receipts of ended jobs add up to; both parts measure it, each under its own prefix. */
export const receiptMetrics = <const L extends string>(...labels: readonly L[]) => {
  const total = (help: string) => ({ type: "counter", help, labels }) as const;
  const spread = (help: string, ...buckets: number[]) => ({ type: "histogram", help, labels, buckets }) as const;
  return {
    busy_seconds_total: total("Seconds that workers spent on jobs that have ended"),
    source_seconds_total: total("Seconds that fetching sources took"),
    source_bytes_total: total("Bytes of sources fetched"),
    encode_seconds_total: total("Seconds that encoding took"),
    media_seconds_total: total("Seconds of media encoded"),
    upload_seconds_total: total("Seconds in which outputs were uploaded"),
    upload_bytes_total: total("Bytes of outputs sent to storages"),
    storage_requests_total: total("Requests to the storages of outputs, repeated ones included"),
    cold_start_seconds_total: total("Seconds that jobs waited for machines to start"),
    cost_total: total("Costs of ended jobs, in the currency of PRICE_PER_WORKER_HOUR"),
    measure_cpu_seconds_total: total("CPU seconds of ffmpeg that measured the quality of outputs"),
    aim_cpu_seconds_total: total("CPU seconds of ffmpeg that found CRFs and renditions for a quality"),
    realtime_factor: spread("Seconds of media encoded in a second, of each job", 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32),
    ffmpeg_cpu_seconds: spread("CPU seconds of ffmpeg and ffprobe, of each job", 1, 5, 15, 60, 300, 900, 3_600, 14_400),
    ffmpeg_peak_bytes: spread(
      "The most memory that an ffmpeg had, of each job",
      ...[64 * MiB, 128 * MiB, 256 * MiB, 512 * MiB, 1_024 * MiB, 2_048 * MiB, 4_096 * MiB, 8_192 * MiB],
    ),
  };
};

type Totals<L extends string> = ReturnType<typeof receiptMetrics<L>>;
type Name<T> = { [N in keyof Totals<never>]: Totals<never>[N]["type"] extends T ? N : never }[keyof Totals<never>];
type Counts<L extends string> = {
  add(name: Name<"counter">, labels: Readonly<Record<L, string>>, by: number): void;
  observe(name: Name<"histogram">, labels: Readonly<Record<L, string>>, value: number): void;
};

/** Counts what an ended job took. */
export function countReceipt<L extends string>(
  { add, observe }: Counts<L>,
  labels: Readonly<Record<L, string>>,
  receipt: Receipt,
) {
  add("busy_seconds_total", labels, receipt.workerSeconds);
  add("source_seconds_total", labels, receipt.sourceSeconds);
  add("source_bytes_total", labels, receipt.bytesIn);
  add("encode_seconds_total", labels, receipt.encodeSeconds);
  add("media_seconds_total", labels, receipt.mediaSeconds);
  add("upload_seconds_total", labels, receipt.uploadSeconds);
  add("upload_bytes_total", labels, receipt.bytesOut);
  add("storage_requests_total", labels, receipt.storageRequests);
  add("cold_start_seconds_total", labels, receipt.coldStartSeconds);
  add("cost_total", labels, receipt.cost ?? 0);
  add("measure_cpu_seconds_total", labels, receipt.measureCpuSeconds ?? 0);
  add("aim_cpu_seconds_total", labels, receipt.aimCpuSeconds ?? 0);
  if (receipt.encodeSeconds > 0) observe("realtime_factor", labels, receipt.mediaSeconds / receipt.encodeSeconds);
  if (receipt.cpuSeconds > 0) observe("ffmpeg_cpu_seconds", labels, receipt.cpuSeconds);
  if (receipt.peakMemory > 0) observe("ffmpeg_peak_bytes", labels, receipt.peakMemory);
}
