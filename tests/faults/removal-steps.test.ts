import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { pendingWebhooks } from "#shared/webhooks/pending.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { removalSteps } from "#worker/job/steps.ts";

/** Every point at which a worker can die that removes a job; an object in the middle as well as the first. */
const points = [...removalSteps, "remove-object 2", "remove-object 4"].flatMap((step) => [
  `before ${step}`,
  `after ${step}`,
]);

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
});
afterAll(() => stack.disposeAsync());

test.each(points)("a removal whose worker dies right %s is finished when it is asked for again", async (dies) => {
  await using folder = await temporaryFolder();
  const home = folder.path;
  const out = join(home, "out");
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const settings = { port, home, WEBHOOK_SECRETS: newSecret(), IDLE_TIMEOUT: "60s" };
  const order = { input_url: sources.url("clip.mp4"), preset: "hls_tiny" };
  const remove = (id: unknown) => api.ask(`/jobs/${id}?output=true`, { method: "DELETE" });

  const dying = await startWorker({ ...settings, MAIN: "tests/support/dying-worker.ts", DIES: dies });
  const ended = (await api.post({ ...order, output: { path: "films/a/" } }, { prefer: "wait" })).body;
  const other = (await api.post({ ...order, output: { path: "films/b/" } }, { prefer: "wait" })).body;
  const isRecorded = async () => (await filesIn(out)).filter((file) => file.endsWith(".objects.jsonl")).length === 2;
  await eventually(isRecorded, "both records");
  const before = (await filesIn(out)).filter((file) => !file.includes("/outcomes/running/"));
  const ofOther = before.filter((file) => file.startsWith("films/b/") || file.includes(String(other["job_id"])));
  // As one that a receiver has refused leaves it.
  const pending = pendingWebhooks({ storage: localStorage({ root: out }), prefix: ".flux/jobs" });
  for (const { job_id } of [ended, other]) await pending.save(aWebhook(job_id), AbortSignal.timeout(10_000));

  const [refused] = await Promise.all([remove(ended["job_id"]), dying.exited]);
  expect(refused.status).toBe(503);
  await using _worker = await startWorker(settings);
  const again = await remove(ended["job_id"]);
  // It died when all was done, its answer alone was lost.
  expect(again.status).toBe(dies === "after remove-record" ? 404 : 200);
  expect(again.body["different_total"] ?? 0).toBe(0);

  const left = (await filesIn(out)).filter((file) => !file.includes("/outcomes/swept/"));
  expect(left.filter((file) => file.startsWith("films/a/") || file.includes(String(ended["job_id"])))).toEqual([]);
  expect(left).toEqual(expect.arrayContaining([...ofOther, `.flux/jobs/webhooks/${other["job_id"]}-9.json`]));
  expect((await api.job(ended["job_id"])).status).toBe(404);
  expect((await api.job(other["job_id"])).body).toMatchObject({ status: "completed" });
});

const aWebhook = (job: unknown) => ({
  ...{ id: `${job}-9`, job: String(job), sequence: 9, url: "sealed", body: "{}", since: Date.now() },
  // Not due while the test runs.
  ...{ attempts: 30, tried: Date.now() + 3_600_000 },
});
