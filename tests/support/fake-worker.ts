import { createServer, type Socket } from "node:net";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServerCredentials } from "@grpc/grpc-js";
import {
  type HelpRequest,
  type JobRequest,
  type ListJobsRequest,
  type PlanResponseSchema,
  type PresetSchema,
  WorkerService,
  type WorkerStatus,
} from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import { type JobEvent, type JobUpdate, sequenceBefore } from "#shared/job/event.ts";
import { type Feed, makeFeed } from "#shared/job/feed.ts";
import { newestFirst } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { eventToMessage, statusFromWire } from "#shared/rpc/event-message.ts";
import type { Handlers } from "#shared/rpc/method.ts";
import { serveRpc } from "#shared/rpc/server.ts";

type FakeJob = { request: JobRequest; feed: Feed; attempt: number };

/** What outlives a fake worker's process: hand it to the next one to play a restart. */
export type Journal = Map<string, FakeJob>;

export type FakeWorkerOptions = {
  /** Why this worker cannot read the records of ended jobs; absent: it can. */
  recordsProblem?: () => string | undefined;
  port?: number;
  slots?: number;
  draining?: boolean;
  token?: string;
  tls?: ServerCredentials;
  journal?: Journal;
  /** The storage that remembers jobs: events by id, served by every worker that is given it. */
  records?: Map<string, { event: JobEvent; request?: JobRequest }>;
  /** Certificates by job, which every worker that is given them serves. */
  certificates?: ReadonlyMap<string, string>;
  /** Logs by job, likewise. */
  logs?: ReadonlyMap<string, string>;
  /** Those that it names; undefined: it names none. */
  storages?: readonly string[];
  /** What it says it can, besides. */
  capabilities?: readonly string[];
  /** What it says of its machine; absent: nothing, as a former version. */
  machine?: Partial<Pick<WorkerStatus, "load" | "cpus" | "machineMemory" | "diskFree" | "diskTotal" | "ffmpegVersion">>;
  /** Default: one. */
  presets?: MessageInitShape<typeof PresetSchema>[];
  /** Speaks only the three fixed calls, numbers nothing and keeps no jobs. */
  foreign?: boolean;
  /** Knows no fields of lists that came later. */
  former?: boolean;
  /** The time of its events. */
  now?(): number;
  /** Called before a job is accepted: what it throws is the refusal. */
  onSubmit?(request: JobRequest): void | Promise<void>;
  /** Called for a dry run: its answer, or what it throws. */
  onPlan?(request: JobRequest, signal: AbortSignal): Promise<MessageInitShape<typeof PlanResponseSchema>>;
  /** Called when it is to help with a piece: whether it has encoded that, or what it throws. */
  onHelp?(request: HelpRequest, signal: AbortSignal): Promise<boolean>;
  /** Called when a job is accepted, before that is told. */
  onAccepted?(request: JobRequest): void | Promise<void>;
  /** Called before a job is watched: what it throws is all that the watcher gets. */
  onWatch?(): void;
};

const aPreset = { name: "tiny", description: "For tests", outputType: "single", extension: "mp4" };

export type FakeWorker = Awaited<ReturnType<typeof startFakeWorker>>;

/** A worker whose jobs do what a test tells them, in this process, over a real socket. */
export async function startFakeWorker(options: FakeWorkerOptions = {}) {
  const { slots = 1, token, records, foreign = false, journal = new Map<string, FakeJob>() } = options;
  const { now = Date.now } = options;
  const state = {
    draining: options.draining ?? false,
    questions: 0,
    watchers: 0,
    removals: [] as string[],
    recorded: [] as string[],
    helps: [] as HelpRequest[],
    helping: 0,
  };
  const requests: JobRequest[] = [];
  const lists: ListJobsRequest[] = [];
  let breaking = new AbortController();

  const running = () => [...journal].filter(([, { feed }]) => !isFinal(feed.latest?.status ?? "queued"));
  const tell = (jobId: string, update: JobUpdate) => {
    const job = jobOf(jobId);
    const before = Math.max(job.feed.latest?.sequence ?? 0, sequenceBefore(job.attempt));
    const event = {
      jobId,
      sequence: before + 1,
      attempt: job.attempt,
      timestamp: new Date(now()).toISOString(),
      ...update,
    };
    job.feed.publish(event);
    records?.set(jobId, { event, request: job.request });
  };
  const jobOf = (jobId: string) => {
    const job = journal.get(jobId);
    if (!job) throw new Fault("not_found", "no such job");
    return job;
  };
  const messages = async function* (jobId: string, after: number, signal: AbortSignal) {
    const broken = breaking.signal;
    state.watchers += 1;
    try {
      for await (const event of jobOf(jobId).feed.follow(after, AbortSignal.any([signal, broken]))) {
        const message = eventToMessage(event);
        yield foreign ? { ...message, sequence: 0n, attempt: 0, timestamp: "", errorKind: "" } : message;
      }
    } finally {
      state.watchers -= 1;
    }
    if (broken.aborted) throw new Fault("unreachable", "the connection broke");
  };

  const handlers: Handlers<(typeof WorkerService)["method"]> = {
    async *submitJob(request, signal) {
      requests.push(request);
      await options.onSubmit?.(request);
      if (!journal.has(request.jobId)) {
        if (running().length >= slots) throw new Fault("busy", "no slot is free");
        journal.set(request.jobId, { request, feed: makeFeed(), attempt: 1 });
        tell(request.jobId, { status: "queued" });
        await options.onAccepted?.(request);
      }
      yield* messages(request.jobId, 0, signal);
    },
    async getStatus() {
      state.questions += 1;
      return {
        currentJobs: running().length + state.helping,
        maxConcurrentJobs: slots,
        activeJobIds: running().map(([jobId]) => jobId),
        draining: state.draining,
        workerId: "fake",
        version: "0.0.0",
        ...options.machine,
        capabilities: foreign
          ? []
          : [
              "path-prefix",
              ...(options.capabilities ?? []),
              ...(options.storages ?? []).map((name) => `storage:${name}`),
            ],
      };
    },
    async cancelJob({ jobId }) {
      if (isFinal(jobOf(jobId).feed.latest?.status ?? "queued"))
        return { success: false, message: "the job has ended" };
      tell(jobId, { status: "cancelled", error: { kind: "cancelled", message: "the job was cancelled" } });
      return { success: true };
    },
    async getJob({ jobId }) {
      const job = journal.get(jobId);
      const record = records?.get(jobId);
      const event = job?.feed.latest ?? record?.event;
      if (!event) throw new Fault("not_found", "no such job");
      const order = job?.request ?? record?.request;
      return { event: eventToMessage(event), held: job !== undefined, ...(order && { order }) };
    },
    async *watchJob({ jobId, afterSequence }, signal) {
      options.onWatch?.();
      yield* messages(jobId, Number(afterSequence), signal);
    },
    async listJobs(request) {
      const { status, limit, cursor, held } = request;
      lists.push(request);
      const past = held && options.former !== true ? [] : recorded(records, journal);
      const events = [...[...journal.values()].flatMap(({ feed }) => feed.latest ?? []), ...past];
      const asked = events
        .filter((event) => !statusFromWire(status) || statusFromWire(status) === event.status)
        .filter((event) => cursor === "" || newestFirst(cursor, event.jobId) < 0)
        .sort((a, b) => newestFirst(a.jobId, b.jobId));
      const page = asked.slice(0, limit);
      const orderOf = (jobId: string) => journal.get(jobId)?.request ?? records?.get(jobId)?.request;
      return {
        incomplete: (held ? [] : [options.recordsProblem?.()])
          .filter((reason) => reason !== undefined)
          .map((reason) => ({ part: "records", reason })),
        jobs: page.map(eventToMessage),
        recorded: state.recorded,
        orders: page.flatMap(({ jobId }) => {
          const order = orderOf(jobId);
          return order ? [{ ...order, jobId }] : [];
        }),
      };
    },
    async removeOutput({ jobId }) {
      state.removals.push(jobId);
      if (!journal.delete(jobId) && !records?.has(jobId)) throw new Fault("not_found", "no such job");
      records?.delete(jobId);
      return { removed: 1 };
    },
    async getClaim() {
      return {};
    },
    async plan(request, signal) {
      requests.push(request);
      return (await options.onPlan?.(request, signal)) ?? {};
    },
    async *helpJob(request, signal) {
      state.helps.push(request);
      state.helping += 1;
      try {
        yield { done: (await options.onHelp?.(request, signal)) ?? false };
      } finally {
        state.helping -= 1;
      }
    },
    async *getCertificate({ jobId }) {
      yield textOf(options.certificates, jobId);
    },
    async *getLog({ jobId }) {
      yield textOf(options.logs, jobId);
    },
    async listPresets() {
      return { presets: options.presets ?? [aPreset] };
    },
  };

  const fixedCalls = { ...WorkerService, methods: WorkerService.methods.slice(0, 3) };
  const server = await serveRpc(foreign ? fixedCalls : WorkerService, handlers, {
    host: "127.0.0.1",
    port: options.port ?? 0,
    token,
    tls: options.tls,
    onFailure: (error) => {
      throw error;
    },
  });

  return {
    address: `127.0.0.1:${server.port}`,
    port: server.port,
    journal,
    requests,
    /** What lists were asked for. */
    lists,
    state,
    tell,
    /** Runs a job again, as after a crash. */
    beginAgain(jobId: string) {
      jobOf(jobId).attempt += 1;
      tell(jobId, { status: "processing" });
    },
    /** Breaks off every stream that is open; the worker lives on. */
    dropStreams() {
      breaking.abort();
      breaking = new AbortController();
    },
    /** As SIGKILL does it. */
    kill: () => server.stop(0),
    [Symbol.asyncDispose]: () => server.stop(0),
  };
}

function textOf(texts: ReadonlyMap<string, string> | undefined, jobId: string) {
  const text = texts?.get(jobId);
  if (text === undefined) throw new Fault("not_found", "the job has no such text");
  return { data: Buffer.from(text) };
}

const recorded = (records: FakeWorkerOptions["records"], journal: Journal) =>
  [...(records ?? [])].flatMap(([jobId, { event }]) => (journal.has(jobId) ? [] : [event]));

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A machine whose port takes connections and never says a word. */
export async function startHangingPort() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    connections: () => sockets.size,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
