import { expect, test } from "bun:test";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const secret = newSecret();

type Points = { dies: string; end: "completed" | "failed"; timeout: string };

test.each<Points>([
  { dies: "before claim", end: "completed", timeout: "300s" },
  { dies: "after accept", end: "failed", timeout: "1s" },
])(
  "a worker that is gone for good $dies: its order has one end, $end, also when it comes back too late",
  async ({ dies, end, timeout }) => {
    await using home = await temporaryFolder();
    await using receiver = webhookReceiver({ secret });
    await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
    const [port, elsewhere] = [await freePort(), await freePort()];
    const env = { LOCAL_ROOT: join(home.path, "out"), WEBHOOK_SECRETS: secret };
    const start = (at: number, more = {}) => startWorker({ port: at, home: home.path, ...env, ...more });
    await using dying = await start(port, { MAIN: "tests/support/dying-worker.ts", DIES: dies });
    await using front = await startControlplane([port, elsewhere], {
      ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local", ...env },
      ...{ JOB_TIMEOUT: timeout, WORKER_STARTUP_TIMEOUT: "2s" },
    });
    const api = client(front.url);
    const order = { input_url: sources.url("clip.mp4"), preset: "tiny", callback_url: receiver.url };
    const { body } = await api.post(order);
    const jobId = String(body["job_id"]);
    expect(jobId).toStartWith("00000000-");
    await dying.exited;

    await using _other = await start(elsewhere);
    await receiver.until(1);
    const first = await api.job(jobId);
    expect(first.body).toMatchObject({ status: end, ...(end === "failed" && { error: { kind: "worker_lost" } }) });

    await using _late = await start(port);
    await eventually(
      async () => (await leftIn(jobsFolder(home.path, port))).length === 0,
      "the late worker keeps nothing of it",
    );
    expect((await api.job(jobId)).body).toMatchObject({ status: end, sequence: first.body["sequence"] });
    const outputs = (await filesIn(env.LOCAL_ROOT)).filter((path) => path.endsWith(".mp4"));
    expect(outputs).toHaveLength(end === "completed" ? 1 : 0);
    expect(new Set(receiver.received.map(({ id, event }) => `${id} ${event.status}`))).toEqual(
      new Set([`${jobId}-${first.body["sequence"]} ${end}`]),
    );
  },
  90_000 * slowness(),
);
