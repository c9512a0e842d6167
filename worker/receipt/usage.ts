import * as v from "valibot";

/** What a job has used so far, in all its attempts. */
export const Usage = v.object({
  workerSeconds: v.number(),
  /** The job's share of the worker's time: while several jobs run, the time is divided among them. */
  shareSeconds: v.number(),
  sourceSeconds: v.number(),
  encodeSeconds: v.number(),
  mediaSeconds: v.number(),
  uploadSeconds: v.number(),
  cpuSeconds: v.number(),
  peakMemory: v.number(),
  bytesIn: v.number(),
  bytesOut: v.number(),
  storageRequests: v.number(),
});
export type Usage = v.InferOutput<typeof Usage>;

export const noUsage: Usage = {
  workerSeconds: 0,
  shareSeconds: 0,
  sourceSeconds: 0,
  encodeSeconds: 0,
  mediaSeconds: 0,
  uploadSeconds: 0,
  cpuSeconds: 0,
  peakMemory: 0,
  bytesIn: 0,
  bytesOut: 0,
  storageRequests: 0,
};
