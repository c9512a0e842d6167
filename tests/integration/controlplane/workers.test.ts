import { expect, test } from "bun:test";
import { Client, connectivityState, credentials } from "@grpc/grpc-js";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";

test("every worker is asked; without waking only who is connected", async () => {
  await using worker = await startFakeWorker({ slots: 3, draining: true });
  const dead = `127.0.0.1:${await freePort()}`;
  await using service = await startTestControlPlane({ workers: [worker.address, dead] });
  const status = async (query: string) => (await jsonOf(await service.get(`/workers/status${query}`))).workers;
  expect(await status("?wake=false")).toEqual([
    { address: worker.address, reachable: false, asleep: true },
    { address: dead, reachable: false, asleep: true },
  ]);
  const told = { address: worker.address, reachable: true, max_concurrent_jobs: 3, draining: true, version: "0.0.0" };
  expect(await status("")).toMatchObject([told, { address: dead, reachable: false }]);
  expect(await status("?wake=false")).toMatchObject([told, { address: dead, asleep: true }]);
});

test("presets are told from memory once a worker was asked", async () => {
  const worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address], config: { startupTimeoutMs: 200 } });
  const presets = async () => jsonOf(await service.get("/presets"));
  const expected = { presets: [{ name: "tiny", description: "For tests", output_type: "single", extension: "mp4" }] };
  expect(await presets()).toEqual(expected);
  await worker.kill();
  expect(await presets()).toEqual(expected);
});

test("lists and health wake nobody", async () => {
  using asleep = await startHangingPort();
  await using service = await startTestControlPlane({ workers: [asleep.address] });
  await service.get("/jobs");
  await service.get("/workers/status?wake=false");
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  expect(asleep.connections()).toBe(0);
});

test("a connection that failed is not tried again behind our back", async () => {
  const port = await freePort();
  await using service = await startTestControlPlane({
    workers: [`127.0.0.1:${port}`],
    config: { startupTimeoutMs: 100 },
  });
  expect((await service.post(anOrder)).status).toBe(503);
  // A channel that goes on by itself finds the worker: by then ours would have found it too.
  const persistent = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const connected = new Promise((resolve) => persistent.waitForReady(Number.POSITIVE_INFINITY, resolve));
  await eventually(
    () => persistent.getChannel().getConnectivityState(true) === connectivityState.TRANSIENT_FAILURE,
    "it fails once as well",
  );
  await using worker = await startFakeWorker({ port });
  expect(await connected).toBeUndefined();
  persistent.close();
  expect(await jsonOf(await service.get("/workers/status?wake=false"))).toMatchObject({
    workers: [{ address: worker.address, asleep: true }],
  });
});

test("a peer that speaks only the fixed calls runs jobs to their end", async () => {
  await using worker = await startFakeWorker({ foreign: true });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const stream = await service.stream(jobId);
  worker.tell(jobId, { status: "processing", progress: 50 });
  worker.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4" });
  const text = await stream.text();
  expect(text.match(/"sequence":\d+,"status":"\w+"/g)).toEqual([
    '"sequence":1,"status":"queued"',
    '"sequence":2,"status":"processing"',
    '"sequence":3,"status":"completed"',
  ]);
  expect(await jsonOf(await service.get(`/jobs/${jobId}`))).toMatchObject({ status: "completed", attempt: 1 });
  expect(await jsonOf(await service.get("/presets"))).toEqual({ presets: [] });
  expect(await jsonOf(await service.get("/jobs"))).toMatchObject({ jobs: [{ job_id: jobId }] });
});

test("a stream of such a peer that breaks cannot be resumed: the job is lost", async () => {
  await using worker = await startFakeWorker({ foreign: true });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const posted = service.post(anOrder, { Prefer: "wait" });
  await eventually(() => worker.state.watchers > 0, "the job is watched");
  worker.dropStreams();
  expect(await jsonOf(await posted)).toMatchObject({ kind: "worker_lost" });
});

test("a peer that does not know the deadline has its job cancelled at it", async () => {
  await using worker = await startFakeWorker({ foreign: true });
  await using service = await startTestControlPlane({ workers: [worker.address], config: { jobTimeoutMs: 100 } });
  const answer = await service.post(anOrder, { Prefer: "wait" });
  expect(answer.status).toBe(504);
  expect(worker.journal.values().next().value?.feed.latest?.status).toBe("cancelled");
});

test("a worker that knows the deadline is left to keep it, however long the job has to wait for its turn", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address], config: { jobTimeoutMs: 50 } });
  const jobId = await service.submit();
  worker.beginAgain(jobId);
  // Where a worker does not know the deadline, it is over by the time that the job is cancelled.
  await using foreign = await startFakeWorker({ foreign: true });
  await using other = await startTestControlPlane({ workers: [foreign.address], config: { jobTimeoutMs: 50 } });
  expect((await other.post(anOrder, { Prefer: "wait" })).status).toBe(504);
  expect(await jsonOf(await service.get(`/jobs/${jobId}`))).toMatchObject({ status: "processing", attempt: 2 });
});
