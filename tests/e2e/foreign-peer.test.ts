import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, startWorker } from "#tests/support/processes.ts";
import { eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const node = toolPath("node");
const stack = new AsyncDisposableStack();
const port = await freePort();
let sources: ReturnType<typeof serveFiles>;

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 5 }), "short.mp4": await clip() }));
  stack.use(await startWorker({ port, home, WORKER_TOKEN: "a-token-of-the-workers" }));
});
afterAll(() => stack.disposeAsync());

/** What a Node client made from the .proto gets for a call. */
async function ask(call: string, request: object, token = "a-token-of-the-workers") {
  const script = join(import.meta.dir, "../support/foreign-client.cjs");
  const client = Bun.spawn([node ?? "node", script, `127.0.0.1:${port}`, call, JSON.stringify(request), token], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await new Response(client.stdout).text());
}

test.skipIf(!node)("a Node client submits a job and follows it to its end", async () => {
  const request = { job_id: "from-node-1", input_url: sources.url("short.mp4"), preset: "tiny" };
  const events = await ask("SubmitJob", request);
  expect(events.map((event: { status: string }) => event.status)).toEqual(
    expect.arrayContaining([
      "JOB_STATUS_QUEUED",
      "JOB_STATUS_PROCESSING",
      "JOB_STATUS_UPLOADING",
      "JOB_STATUS_COMPLETED",
    ]),
  );
  expect(events.at(-1)).toMatchObject({ job_id: "from-node-1", progress: 100 });
  expect(events.at(-1).output_url).toEndWith("/outputs/from-node-1.mp4");
});

test.skipIf(!node)("a Node client sees how busy the worker is, and cancels a job", async () => {
  const submitting = ask("SubmitJob", { job_id: "from-node-2", input_url: sources.url("clip.mp4"), preset: "slow" });
  await eventually(async () => (await ask("GetStatus", {})).current_jobs > 0, "the job runs");
  expect(await ask("GetStatus", {})).toMatchObject({ active_job_ids: ["from-node-2"] });
  expect(await ask("CancelJob", { job_id: "from-node-2" })).toMatchObject({ success: true });
  expect((await submitting).at(-1)).toMatchObject({ status: "JOB_STATUS_CANCELLED" });
  expect(await ask("CancelJob", { job_id: "from-node-2" })).toMatchObject({ success: false });
});

test.skipIf(!node)("a Node client is told by status codes what is wrong with a request", async () => {
  const good = { job_id: "from-node-3", input_url: sources.url("short.mp4"), preset: "tiny" };
  expect(await ask("SubmitJob", { ...good, preset: "none" })).toMatchObject({ code: 5, kind: "not_found" });
  expect(await ask("SubmitJob", { ...good, job_id: "../up" })).toMatchObject({ code: 3, kind: "invalid" });
  expect(await ask("CancelJob", { job_id: "unknown" })).toMatchObject({ code: 5, kind: "not_found" });
  expect(await ask("GetStatus", {}, "a-wrong-token")).toMatchObject({ code: 16 });
});
