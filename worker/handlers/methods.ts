import type { WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { Handlers } from "#shared/rpc/method.ts";

/** The handlers of all methods of `WorkerService`. */
export type Methods = Handlers<typeof WorkerService.method>;
