import * as v from "valibot";
import { described, optional } from "#shared/described.ts";

const address = described(v.string(), "The worker as WORKER_NODES names it.", "10.0.0.7:50051");

const flag = (description: string) =>
  v.pipe(
    v.literal(true),
    v.metadata({
      description,
      examples: [true],
      // openapi-python-client generates code that does not compile for an optional `const`.
      ...{ type: "boolean", enum: [true], const: undefined },
    }),
  );

/** The status of a worker as REST shows it. */
export const WorkerReport = v.variant("reachable", [
  v.object({
    address,
    reachable: v.literal(false),
    asleep: v.exactOptional(flag("Not connected, and not asked, because asking would start its machine.")),
    starting: v.exactOptional(
      flag("Waited for by an order or a question, for up to WORKER_STARTUP_TIMEOUT: its machine may be starting."),
    ),
  }),
  v.object({
    address,
    reachable: v.literal(true),
    worker_id: described(v.string(), "A name for people; not unique.", "worker-1"),
    version: described(v.string(), "Of the worker.", "0.1.0"),
    current_jobs: described(v.number(), "Jobs and dry runs that go on there now.", 1),
    max_concurrent_jobs: described(v.number(), "Jobs that it runs at a time.", 2),
    active_job_ids: described(v.array(v.string()), "The ids of those that run now.", [
      "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90",
    ]),
    draining: described(v.boolean(), "True when it takes no more jobs and will stop.", false),
    load: described(v.number(), "The load average of the last minute, divided by the cores.", 0.82),
    memory: described(v.number(), "The resident memory of the worker process in bytes.", 94_371_840),
    cpus: optional(v.number(), "The cores that it may use.", 8),
    machine_memory: optional(
      v.number(),
      "The memory of its machine, or of the control group that limits it, in bytes.",
      16_777_216_000,
    ),
    disk_free: optional(v.number(), "What it may still write to the disk of its WORK_DIR, in bytes.", 64_000_000_000),
    disk_total: optional(v.number(), "The size of that disk, in bytes.", 128_000_000_000),
    ffmpeg_version: optional(v.string(), "What its ffmpeg calls itself.", "5.1.9-0+deb12u1"),
    started_at: optional(v.string(), "When the process started, RFC 3339.", "2026-01-01T12:00:00.000Z"),
    capabilities: described(
      v.array(v.string()),
      "What it can do: storages as storage:<name>, and of its ffmpeg ffmpeg:<major.minor>, encoder:<name>, filter:<name>.",
      ["storage:s3", "ffmpeg:5.1", "encoder:libx264", "filter:zscale"],
    ),
  }),
]);
export type WorkerReport = v.InferOutput<typeof WorkerReport>;
