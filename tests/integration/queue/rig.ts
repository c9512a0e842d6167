import { join } from "node:path";
import * as v from "valibot";
import type { ServiceDeps } from "#controlplane/service.ts";
import { type JobProgress, WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { waitingId } from "#shared/job/id.ts";
import { makeLog } from "#shared/log.ts";
import { cidrs } from "#shared/net/addresses.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { eventFromMessage } from "#shared/rpc/event-message.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { noSpans } from "#shared/tracing/trace.ts";
import { urlSeal } from "#shared/webhooks/callback-url.ts";
import { pendingWebhooks, webhookId, webhookOf } from "#shared/webhooks/pending.ts";
import { newSecret, webhookSecrets } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { loopback } from "#tests/support/processes.ts";
import { filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { readConfig } from "#worker/config.ts";
import type { Step } from "#worker/job/steps.ts";
import { start } from "#worker/start.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";

const prefix = ".flux/jobs";

type Disturbed = {
  /** The number of its work directory. Default: that of no other. */
  disk?: number;
  step?: Step;
  /** Called before each request to the storage of records that writes; what it throws is its answer. */
  onWrite?(key: string): unknown;
  /** Called after each `create`; what it throws is its answer, though it was done. */
  onCreated?(key: string): unknown;
  /** Whether the storage of records can decide who creates an object. */
  decides?: boolean;
};

/** Workers on one storage, and what a control plane with a waiting room says to them. */
export async function workersOfRoom() {
  const stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await temporaryFolder());
  const secret = newSecret();
  const receiver = stack.use(webhookReceiver({ secret }));
  const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  const out = join(home, "out");
  const storage = localStorage({ root: out });
  const records = makeRecords({ storage, prefix });
  const signal = AbortSignal.timeout(200_000);
  let workers = 0;

  return {
    ...{ receiver, sources, signal, records, storage, prefix },
    /** With what a control plane here sends webhooks. */
    webhooks: {
      secrets: v.parse(webhookSecrets, secret),
      guard: { allowedCidrs: v.parse(cidrs, loopback) },
      trace: noSpans,
    },
    /** The file of a waiting room that a control plane here opens. */
    queueFile: join(home, "queue.sqlite"),
    /** A control plane with the waiting room, in this process. */
    startControlPlane: (
      addresses: readonly string[],
      settings: Record<string, string> = {},
      deps: Partial<ServiceDeps> = {},
    ) =>
      startTestControlPlane({
        workers: addresses,
        deps,
        settings: {
          ...{ RECORD_STORAGE: "local", LOCAL_ROOT: out, WEBHOOK_SECRETS: secret, WORKER_STARTUP_TIMEOUT: "1s" },
          ...{ QUEUE_URL: `sqlite:${join(home, "queue.sqlite")}`, ...settings },
        },
        config: { startupTimeoutMs: 1_000 * slowness() },
      }),
    /** Leaves a webhook in the storage as a control plane does that dies before it sends it. */
    leaveWebhook: (event: JobEvent) =>
      pendingWebhooks({ storage, prefix }).save(
        webhookOf(event, urlSeal(v.parse(webhookSecrets, secret)).seal(receiver.url, webhookId(event))),
        signal,
      ),
    handOvers: makeHandOvers({ storage, prefix, now: Date.now }),
    recordOf: (jobId: string) => records.read(jobId, signal),
    /** What lies in the storage besides records and claims, and besides texts that are just being written. */
    outputs: async () => (await filesIn(out)).filter((file) => !/^\.flux\/(jobs|parts)\//.test(file)),
    claims: async (jobId: string) => (await filesIn(join(out, prefix, "claims/queue", jobId))).sort(),

    async startWorker(disturbed: Disturbed = {}) {
      const { step, onWrite = () => {}, onCreated = () => {}, decides = true } = disturbed;
      workers += 1;
      const workDir = join(home, `work-${disturbed.disk ?? workers}`);
      const env = {
        ...{ GRPC_PORT: "0", WORK_DIR: workDir, LOCAL_ROOT: out, AUTO_STOP: "false", WEBHOOK_SECRETS: secret },
        ...{
          MAX_CONCURRENT_JOBS: "2",
          PRESETS_DIR: join(import.meta.dir, "../../support/presets"),
          ALLOWED_PRIVATE_CIDRS: loopback,
        },
      };
      const recording: Storage = {
        ...storage,
        async write(key, ...rest) {
          await onWrite(key);
          return await storage.write(key, ...rest);
        },
        async create(key, ...rest) {
          await onWrite(key);
          const isThere = await storage.create?.(key, ...rest);
          await onCreated(key);
          return isThere ?? false;
        },
        ...(!decides && { decides: async () => false }),
      };
      const log = makeLog("test", { level: "silent" });
      const worker = await start(readConfig(env), {
        log,
        recorded: { storage: recording, prefix },
        ...(step && { step }),
      });
      const address = `127.0.0.1:${worker.port}`;
      const { calls, close } = rpcClient(WorkerService, address);
      return {
        ...{ address, calls, drain: () => worker.drain(0) },
        /** The folders of its jobs. */
        jobs: async () => (await filesIn(join(workDir, ownFolder))).filter((file) => file.includes("/")),
        /** Hands an order over: the stream of a job that was accepted. */
        async offer(jobId: string, { source = "clip.mp4", ...more }: Offer = {}) {
          const wanted = { inputUrl: sources.url(source), preset: "tiny", callbackUrl: receiver.url };
          const stream = calls.submitJob({ ...wanted, ...more, jobId, queueTry: 1, queueAddress: address }, { signal });
          const first = await stream.next();
          return eventsOf(first.value as JobProgress, stream);
        },
        async [Symbol.asyncDispose]() {
          close();
          await worker.drain(0);
        },
      };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

type Offer = { preset?: string; source?: string };

async function* eventsOf(first: JobProgress, rest: AsyncIterable<JobProgress>): AsyncGenerator<JobEvent, void> {
  yield eventFromMessage(first);
  for await (const message of rest) yield eventFromMessage(message);
}

export const anId = () => waitingId(Bun.randomUUIDv7("hex", Date.now() - 3_600_000));
