import { expect, test } from "bun:test";
import { createConnection } from "node:net";
import { Fault } from "#shared/fault.ts";
import type { EventJson } from "#shared/job/event.ts";
import { sseEvents, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";

const collect = async (response: Response): Promise<EventJson[]> => Array.fromAsync(sseEvents(response));
const sequences = async (response: Response) => (await collect(response)).map((event) => event.sequence);

test("a stream begins with what has happened and ends after the final event", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  worker.tell(jobId, { status: "processing", progress: 45.5, etaSeconds: 3, message: "Encoding" });
  const response = await service.stream(jobId);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const reading = collect(response);
  worker.tell(jobId, { status: "uploading" });
  worker.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4", outputType: "single" });
  expect(await reading).toMatchObject([
    { job_id: jobId, sequence: 1, status: "queued", attempt: 1 },
    { sequence: 2, status: "processing", progress: 45.5, eta_seconds: 3, message: "Encoding" },
    { sequence: 3, status: "uploading" },
    { sequence: 4, status: "completed", output_url: "file:///out.mp4", output_type: "single" },
  ]);
});

test("a reader that comes back gets what it missed, and 204 once the job has ended", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  for (let n = 0; n < 5; n += 1) worker.tell(jobId, { status: "processing" });
  worker.tell(jobId, { status: "failed", error: { kind: "encode_failed", message: "no" } });
  expect(await sequences(await service.stream(jobId, 4))).toEqual([5, 6, 7]);
  expect((await service.stream(jobId, 7)).status).toBe(204);
});

test("a replica that never heard of the job watches it through its worker", async () => {
  await using worker = await startFakeWorker();
  const first = await startTestControlPlane({ workers: [worker.address] });
  await using second = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await first.submit();
  worker.tell(jobId, { status: "processing" });
  const before = sseEvents(await first.stream(jobId));
  expect((await before.next()).value?.sequence).toBe(1);
  await first.stop();
  const after = sequences(await second.stream(jobId, 1));
  worker.tell(jobId, { status: "uploading" });
  worker.tell(jobId, { status: "completed" });
  expect(await after).toEqual([2, 3, 4]);
});

test("many watchers share one stream from the worker", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const streams = await Promise.all(Array.from({ length: 50 }, () => service.stream(jobId)));
  const reading = streams.map(sequences);
  worker.tell(jobId, { status: "completed" });
  for (const read of reading) expect(await read).toEqual([1, 2]);
  expect(worker.requests).toHaveLength(1);
});

test("a stream that breaks is resumed without a gap", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const reading = sequences(await service.stream(jobId));
  worker.tell(jobId, { status: "processing" });
  worker.dropStreams();
  worker.tell(jobId, { status: "processing" });
  worker.tell(jobId, { status: "completed" });
  expect(await reading).toEqual([1, 2, 3, 4]);
});

test("a worker that is killed and started again shows its watchers the second attempt", async () => {
  const killed = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [killed.address] });
  const jobId = await service.submit();
  const reading = collect(await service.stream(jobId));
  killed.tell(jobId, { status: "processing" });
  await killed.kill();
  await using worker = await startFakeWorker({ port: killed.port, journal: killed.journal });
  worker.beginAgain(jobId);
  worker.tell(jobId, { status: "completed" });
  expect((await reading).map(({ status, attempt }) => [status, attempt])).toEqual([
    ["queued", 1],
    ["processing", 1],
    ["processing", 2],
    ["completed", 2],
  ]);
});

test("a worker that comes back without the job has lost it", async () => {
  const killed = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [killed.address] });
  const jobId = await service.submit();
  const reading = collect(await service.stream(jobId));
  await killed.kill();
  await using _replaced = await startFakeWorker({ port: killed.port });
  expect((await reading).at(-1)).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
});

test("a worker that ended the job and stopped is not waited for: the record says how it ended", async () => {
  const records = new Map();
  const ending = await startFakeWorker({ records });
  await using other = await startFakeWorker({ records, slots: 0 });
  await using service = await startTestControlPlane({ workers: [ending.address, other.address] });
  await service.get("/workers/status");
  const jobId = await service.submit();
  const reading = collect(await service.stream(jobId));
  await ending.kill();
  ending.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4" });
  expect((await reading).at(-1)).toMatchObject({ status: "completed", output_url: "file:///out.mp4" });
});

test("a worker that answers and cannot tell a job's events is not asked for ever: the record says how it ended", async () => {
  const records = new Map();
  const onWatch = () => {
    throw new Fault("unreachable", "the event cannot be told");
  };
  await using worker = await startFakeWorker({ records, onWatch });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const reading = collect(await service.stream(jobId));
  worker.dropStreams();
  worker.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4" });
  expect((await reading).at(-1)).toMatchObject({ status: "completed", output_url: "file:///out.mp4" });
});

test("a quiet stream has heartbeats", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address], deps: { heartbeatMs: 10 } });
  const jobId = await service.submit();
  const response = await service.stream(jobId, 1);
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.split(":\n\n").length > 4) break;
  }
  expect(text).not.toContain("data:");
});

test("a client that leaves keeps no one watching", async () => {
  await using worker = await startFakeWorker();
  await using first = await startTestControlPlane({ workers: [worker.address] });
  await using second = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await first.submit();
  const { hostname, port } = new URL(second.url);
  const socket = createConnection(Number(port), hostname);
  socket.write(`GET /api/v1/jobs/${jobId}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await eventually(() => worker.state.watchers === 2, "both control planes watch");
  socket.destroy();
  await eventually(() => worker.state.watchers === 1, "one of them has left");
});

test("a job that nobody knows is a problem and no stream", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  for (const jobId of ["abc", "..%2f..", `${"x".repeat(99)}`]) {
    const response = await service.stream(jobId);
    expect([response.status, response.headers.get("Content-Type")]).toEqual([404, "application/problem+json"]);
  }
});

test("a service that stops ends its streams", async () => {
  await using worker = await startFakeWorker();
  const service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const reading = sequences(await service.stream(jobId));
  await service.stop();
  expect(await reading).toEqual([1]);
  expect(worker.journal.get(jobId)?.feed.latest?.status).toBe("queued");
});
