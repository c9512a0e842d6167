import * as v from "valibot";

const Resource = v.object({
  name: v.exactOptional(v.string()),
  uri: v.exactOptional(v.string()),
  digest: v.exactOptional(v.record(v.string(), v.string())),
  annotations: v.exactOptional(v.record(v.string(), v.unknown())),
});

/** How an output was made, for its certificate. It outlives the attempt: another job may deliver what this one has encoded. */
export type Made = v.InferOutput<typeof Made>;
export const Made = v.object({
  /** The steps and their arguments. */
  internalParameters: v.record(v.string(), v.unknown()),
  /** What went into it. */
  resolvedDependencies: v.array(Resource),
  /** The programs, by name. */
  versions: v.record(v.string(), v.string()),
  /** When the attempt began, RFC 3339. */
  startedOn: v.string(),
});
