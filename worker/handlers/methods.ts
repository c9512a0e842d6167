import type { WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { Semaphore } from "#shared/async/semaphore.ts";
import type { Claims } from "#shared/claims.ts";
import type { Log } from "#shared/log.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import type { Handlers } from "#shared/rpc/method.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Rules } from "#worker/jobs/accept.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { WorkerMetrics } from "#worker/metrics.ts";
import type { HelpWithPiece } from "#worker/pieces/help.ts";
import type { RemoveOutput } from "#worker/removal/remove-output.ts";
import type { PlanSource } from "#worker/run/plan-source.ts";

/** The handlers of all methods of `WorkerService`. */
export type Methods = Handlers<typeof WorkerService.method>;

/** What the handlers need of the worker. */
export type ServiceDeps = {
  registry: Registry;
  slots: Semaphore;
  records: Records;
  retained: RetainedOutputs;
  metrics: Pick<WorkerMetrics, "text">;
  claims: Claims;
  handOvers: HandOvers;
  /** Where uploads lie; undefined where this worker reads none. */
  uploads?: UploadPlace | undefined;
  rules: Rules;
  /** What ffmpeg can, which may still be asked. */
  ffmpeg: Promise<Capabilities>;
  removeOutput: RemoveOutput;
  planSource: PlanSource;
  helpWithPiece: HelpWithPiece;
  /** What the status says of the worker itself. */
  about: {
    workerId: string;
    version: string;
    startedAt: string;
    cpus: number;
    /** The folder on whose disk jobs work. */
    workDir: string;
    /** What ffmpeg calls itself; empty until it is known. */
    ffmpegVersion(): string;
    /** The capabilities of ffmpeg that are known so far. */
    ffmpeg(): readonly string[];
    /** Whether it is known to take orders from a waiting room. */
    queue(): boolean;
  };
  /** Throws when the worker cannot take jobs. */
  checkCanAccept(): Promise<void>;
  /** The time in Unix milliseconds. */
  now(): number;
  log: Log;
};
