import * as v from "valibot";

/** What a job has used so far, in all its attempts. */
export const Usage = v.object({
  /** The time that the worker has spent on the job. */
  workerSeconds: v.number(),
  /** The job's share of the worker's time: while several jobs run, the time is divided among them. */
  shareSeconds: v.number(),
  /** The time in which the source was fetched. */
  sourceSeconds: v.number(),
  /** The time in which ffmpeg encoded. */
  encodeSeconds: v.number(),
  /** The duration of the media that were encoded. */
  mediaSeconds: v.number(),
  /** The time in which anything was uploaded. */
  uploadSeconds: v.number(),
  /** The CPU time of ffmpeg and ffprobe, and what other workers say that they have spent. */
  cpuSeconds: v.number(),
  /** Those of them that measuring quality took; a former version notes none. */
  measureCpuSeconds: v.optional(v.number(), 0),
  /** Those of them that finding CRFs and renditions took; a former version notes none. */
  aimCpuSeconds: v.optional(v.number(), 0),
  /** The most resident memory, in bytes, that one ffmpeg has had. */
  peakMemory: v.number(),
  /** The bytes that were fetched, of the source and of pieces that other workers have encoded. */
  bytesIn: v.number(),
  /** The bytes of output that were sent to the storage. */
  bytesOut: v.number(),
  /** The requests to the storage of the output, repeated ones included. */
  storageRequests: v.number(),
});
export type Usage = v.InferOutput<typeof Usage>;

/** What a job has used before its first attempt. */
export const noUsage = v.parse(Usage, Object.fromEntries(Object.keys(Usage.entries).map((name) => [name, 0])));
