import { afterAll, beforeAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 4 }) }));
});
afterAll(() => stack.disposeAsync());

const secret = newSecret();

/** A control plane with a waiting room before one worker, and a job that this has taken from the room and runs. */
async function startRunning(timeout: string) {
  const parts = new AsyncDisposableStack();
  const home = parts.use(await temporaryFolder()).path;
  const port = await freePort();
  const receiver = parts.use(webhookReceiver({ secret }));
  const env = { WEBHOOK_SECRETS: secret };
  const startOne = async () => parts.use(await startWorker({ port, home, ...env }));
  const startFront = async () =>
    parts.use(
      await startControlplane([port], {
        ...{
          RECORD_STORAGE: "local",
          LOCAL_ROOT: join(home, "out"),
          ...env,
          QUEUE_URL: `sqlite:${join(home, "queue")}`,
        },
        ...{ JOB_TIMEOUT: timeout, WORKER_STARTUP_TIMEOUT: "1s" },
      }),
    );
  const worker = await startOne();
  const front = await startFront();
  const api = client(front.url);
  // No worker is connected yet, so that the first order waits.
  const { body } = await api.post({ input_url: sources.url("clip.mp4"), preset: "slow", callback_url: receiver.url });
  const id = String(body["job_id"]);
  expect(id).toStartWith("00000000-");
  await api.until(id, ({ status }) => status === "processing");
  return {
    ...{ id, api, worker, front, startOne, startFront, receiver, port, home },
    outputs: async () => (await filesIn(join(home, "out"))).filter((file) => !file.startsWith(".flux/")),
    loseDisk: () => rm(join(home, `work-${port}`), { recursive: true }),
    isEmpty: async (at = api) => (await at.ask("/queue")).body["running"] === 0,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const lost = { status: "failed", error: { kind: "worker_lost" } };
const longMs = 150_000;

test("a worker that stood still until its job was taken for lost discards what it has when it goes on", async () => {
  await using farm = await startRunning("2s");
  farm.worker.kill("SIGSTOP");
  await farm.receiver.until(1);
  const told = farm.receiver.received[0]?.event;
  expect(told).toMatchObject({ job_id: farm.id, ...lost });
  const { order: _, ...event } = (await farm.api.job(farm.id)).body;
  expect(event as unknown).toEqual(told as unknown);
  await eventually(farm.isEmpty, "the room has forgotten the job", longMs);

  farm.worker.kill("SIGCONT");
  const isOver = async () => (await leftIn(jobsFolder(farm.home, farm.port))).length === 0;
  await eventually(isOver, "the worker keeps nothing of the job", longMs);
  expect(await farm.outputs()).toEqual([]);
  expect((await farm.api.job(farm.id)).body).toMatchObject({ ...lost, sequence: told?.sequence });
  expect(new Set(farm.receiver.received.map(({ id }) => id)).size).toBe(1);
});

test("a job whose worker comes back without its disk ends as lost, also when its control plane died meanwhile", async () => {
  await using farm = await startRunning("3600s");
  for (const part of [farm.worker, farm.front]) part.kill("SIGKILL");
  await Promise.all([farm.worker.exited, farm.front.exited]);
  await farm.loseDisk();
  await farm.startOne();
  const api = client((await farm.startFront()).url);
  await farm.receiver.until(1);
  expect(farm.receiver.received.map(({ event }) => event)).toMatchObject([{ job_id: farm.id, ...lost }]);
  await eventually(() => farm.isEmpty(api), "the room has forgotten the job");
  expect((await api.job(farm.id)).body).toMatchObject(lost);
});

test("a job whose worker and room are both gone for good ends when somebody looks at it", async () => {
  await using farm = await startRunning("2s");
  for (const part of [farm.worker, farm.front]) part.kill("SIGKILL");
  await Promise.all([farm.worker.exited, farm.front.exited]);
  for (const suffix of ["", "-wal", "-shm"]) await rm(join(farm.home, `queue${suffix}`), { force: true });
  const api = client((await farm.startFront()).url);
  const isLost = async () => (await api.job(farm.id)).body["status"] === "failed";
  await eventually(isLost, "its time is over", longMs);
  expect((await api.job(farm.id)).body).toMatchObject(lost);
  await farm.receiver.until(1);
});
