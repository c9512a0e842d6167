import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { toFault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { waitingId } from "#shared/job/id.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { eventFromMessage } from "#shared/rpc/event-message.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startWorker } from "#tests/support/processes.ts";
import { eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { pieceSteps, steps } from "#worker/job/steps.ts";
import { contentOf } from "./content.ts";
import { unaccountedIn } from "./unaccounted.ts";

const presets = { single: "tiny", hls: "hls_tiny" } as const;
type Shape = keyof typeof presets;

const bothSides = (shape: Shape, step: string) => [`before ${step}`, `after ${step}`].map((dies) => ({ shape, dies }));

/** Every point at which a worker can die that has an order from a waiting room, or is being given one. */
const points = [
  // A single file is not uploaded before it is staged, and this one is neither aimed at a quality nor measured.
  ...steps
    .filter((step) => !["aim", "upload", "measure", ...pieceSteps].includes(step))
    .flatMap((step) => bothSides("single", step)),
  ...["upload", "stage", "commit", "claim-end", "publish"].flatMap((step) => bothSides("hls", step)),
];

const secret = newSecret();
const stack = new AsyncDisposableStack();
const signal = AbortSignal.timeout(1_000_000);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home: string;
let port: number;
let sources: ReturnType<typeof serveFiles>;
let receiver: ReturnType<typeof webhookReceiver>;
let calls: ReturnType<typeof rpcClient<(typeof WorkerService)["method"]>>["calls"];
const undisturbed = new Map<Shape, string>();

const address = () => `127.0.0.1:${port}`;
const out = () => join(home, "out");
const handOvers = () => makeHandOvers({ storage: localStorage({ root: out() }), prefix: ".flux/jobs", now: Date.now });
const records = () => makeRecords({ storage: localStorage({ root: out() }), prefix: ".flux/jobs" });
const settings = () => ({ port, home, WEBHOOK_SECRETS: secret, IDLE_TIMEOUT: "60s" });
const startDying = (dies: string) => startWorker({ ...settings(), MAIN: "tests/support/dying-worker.ts", DIES: dies });
const outputOf = ({ outputUrl = "" }: JobEvent) => fileURLToPath(outputUrl);

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  receiver = stack.use(webhookReceiver({ secret }));
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  folder = await temporaryFolder();
  home = folder.path;
  port = await freePort();
  const client = rpcClient(WorkerService, address());
  calls = client.calls;
  stack.defer(client.close);
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Offers an order to the worker; undefined when the worker dies before it says that it has accepted it. */
async function offer(jobId: string, queueTry: number, preset: string, source: string) {
  const wanted = { inputUrl: sources.url(source), preset, callbackUrl: receiver.url };
  const stream = calls.submitJob({ ...wanted, jobId, queueTry, queueAddress: address() }, { signal });
  const first = await stream.next().catch((error) => {
    if (toFault(error).kind === "unreachable") return undefined;
    throw error;
  });
  await stream.return?.();
  return first?.value;
}

/** What the drainer of a waiting room does when a worker has not answered: the number grows only where it is in vain. */
async function offerAgain(jobId: string, preset: string, source: string): Promise<number> {
  const isKnown = await calls.getJob({ jobId }).then(
    () => true,
    (error) => {
      if (toFault(error).kind === "not_found") return false;
      throw error;
    },
  );
  if (isKnown) return 1;
  const queueTry = (await handOvers().readClaim(jobId, 1, signal)) ? 2 : 1;
  expect(await offer(jobId, queueTry, preset, source)).toMatchObject({ jobId });
  return queueTry;
}

async function finalEvent(jobId: string): Promise<JobEvent> {
  for await (const message of calls.watchJob({ jobId }, { signal })) {
    const event = eventFromMessage(message);
    if (["completed", "failed", "cancelled"].includes(event.status)) return event;
  }
  throw new Error("the stream ended without a final event");
}

/** Each job has one record, one webhook and one end, and its worker keeps nothing of it. */
async function checkEnd(jobId: string, end: JobEvent, queueTry: number) {
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
  const told = receiver.received.filter(({ event }) => event.job_id === jobId);
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set([`${jobId}-${end.sequence}`]));
  expect(await records().read(jobId, signal)).toMatchObject({ event: end, worker: address() });
  expect((await filesIn(out())).filter((file) => file.endsWith(`${jobId}.json`))).toHaveLength(1);
  const claim = await handOvers().readClaim(jobId, queueTry, signal);
  const admission = typeof claim === "object" ? claim.admission : "";
  expect(await handOvers().readEnd(jobId, signal)).toEqual({ by: "worker", admission, number: queueTry });
}

async function contentUndisturbed(shape: Shape): Promise<string> {
  const known = undisturbed.get(shape);
  if (known !== undefined) return known;
  await using _worker = await startWorker(settings());
  const jobId = waitingId(Bun.randomUUIDv7());
  await offer(jobId, 1, presets[shape], "clip.mp4");
  const content = await contentOf(outputOf(await finalEvent(jobId)));
  undisturbed.set(shape, content);
  return content;
}

test.each(points)(
  "a worker that dies right $dies completes a $shape job from a waiting room when it is back",
  async ({ shape, dies }) => {
    const expected = await contentUndisturbed(shape);
    await folder[Symbol.asyncDispose]();
    const jobId = waitingId(Bun.randomUUIDv7());
    const dying = await startDying(dies);
    await offer(jobId, 1, presets[shape], "clip.mp4");
    expect(await dying.exited).toBe(137);

    await using _worker = await startWorker(settings());
    const queueTry = await offerAgain(jobId, presets[shape], "clip.mp4");
    const end = await finalEvent(jobId);
    expect(queueTry).toBe(dies === "after claim" || dies === "before accept" ? 2 : 1);
    const isFirst = /^before (claim|accept)$|claim$|fix-event$|record$|notify$/.test(dies);
    expect(end).toMatchObject({ status: "completed", attempt: isFirst ? 1 : 2 });
    expect(await contentOf(outputOf(end))).toBe(expected);
    await checkEnd(jobId, end, queueTry);
    expect(await unaccountedIn(out(), outputOf(end), shape === "single")).toEqual([]);
  },
);

test.each([
  "before claim-end",
  "after claim-end",
  "before fix-event",
  "after fix-event",
  "before record",
  "after notify",
])("a worker that dies right %s of a job from a waiting room that fails ends it once", async (dies) => {
  const jobId = waitingId(Bun.randomUUIDv7());
  const dying = await startDying(dies);
  await offer(jobId, 1, "tiny", "missing.mp4");
  expect(await dying.exited).toBe(137);

  await using _worker = await startWorker(settings());
  const end = await finalEvent(jobId);
  expect(end).toMatchObject({ status: "failed", error: { kind: "source_failed" } });
  await checkEnd(jobId, end, 1);
});

test.each(["source", "encode", "stage", "claim-end", "fix-event"])(
  "a worker that comes back after a control plane has ended its job, dead before %s, leaves nothing of it but that end",
  async (step) => {
    const jobId = waitingId(Bun.randomUUIDv7());
    const dying = await startDying(`before ${step}`);
    await offer(jobId, 1, "hls_tiny", "clip.mp4");
    expect(await dying.exited).toBe(137);
    const timestamp = new Date().toISOString();
    const event = { jobId, sequence: 9_000_000, attempt: 1, status: "failed", timestamp } as const;
    const end = { by: "control-plane", admission: "c", number: 1, event } as const;
    if (step === "fix-event") expect(await handOvers().fixEvent(jobId, end, signal)).toEqual(end);
    else expect(await handOvers().claimEnd(jobId, end, signal)).toBeUndefined();

    await using _worker = await startWorker(settings());
    expect(await finalEvent(jobId)).toMatchObject({ status: "failed", sequence: 9_000_000 });
    await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
    expect((await filesIn(out())).filter((file) => !file.startsWith(".flux/"))).toEqual([]);
    expect((await records().read(jobId, signal))?.event).toMatchObject({ status: "failed", sequence: 9_000_000 });
    const told = () => receiver.received.filter(({ event }) => event.job_id === jobId);
    await eventually(() => told().length > 0, "the receiver is told");
    expect(told().map(({ id }) => id)).toEqual([`${jobId}-9000000`]);
  },
);
