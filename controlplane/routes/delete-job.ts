import * as v from "valibot";
import type { RemoveOutputResponse } from "#proto/worker/v1/worker_pb.js";
import { described } from "#shared/described.ts";
import { flag } from "#shared/env.ts";

/** What a DELETE of a job may ask for, as a client writes it. */
export const DeleteParams = v.object({
  output: described(
    v.optional(flag, "false"),
    "`true` removes an ended job with what it has published and all that is remembered of it, and needs the scope `jobs:remove`; else the job is cancelled.",
    "true",
  ),
});

/** What was removed of a job. */
export const Removal = v.object({
  job_id: described(v.string(), "The job, which is no longer known.", "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90"),
  removed: described(v.number(), "How many objects of its output were removed.", 15),
  different: described(
    v.array(v.string()),
    "Keys of objects that stay, because they are not what the job has published there: they are another job's. At most 1,000 are named.",
    ["video_123/master.m3u8"],
  ),
  different_total: described(v.number(), "How many objects stay.", 1),
});

export const removalToJson = (
  jobId: string,
  { removed, different, differentTotal }: Pick<RemoveOutputResponse, "removed" | "different" | "differentTotal">,
): v.InferOutput<typeof Removal> => ({ job_id: jobId, removed, different, different_total: differentTotal });
