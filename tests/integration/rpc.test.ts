import { expect, test } from "bun:test";
import { connect } from "node:net";
import { type JobProgress, type JobRequest, WorkerService } from "#proto/worker/v1/worker_pb.js";
import { Fault, invalidField } from "#shared/fault.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { isUnimplemented, wasNeverSent } from "#shared/rpc/fault-status.ts";
import { serveRpc } from "#shared/rpc/server.ts";
import { freePort, startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";

const clientOf = (address: string, token?: string) => {
  const client = rpcClient(WorkerService, address, { token });
  return { ...client, [Symbol.dispose]: client.close };
};

const soon = () => new Date(Date.now() + 60_000);

test("a message keeps its types on the way", async () => {
  const received: JobRequest[] = [];
  await using worker = await startFakeWorker({ onSubmit: (request) => void received.push(request) });
  using client = clientOf(worker.address);
  const order = {
    jobId: "job",
    inputUrl: "http://example.com/ü.mp4",
    preset: "tiny",
    output: { metadata: { title: "日本" }, overwrite: true },
    timeoutMs: 2n ** 53n + 1n,
    callbackEvents: ["queued", "completed"],
  };
  const stream = client.calls.submitJob(order);
  const first = await stream.next();
  expect(received[0]).toMatchObject(order);
  expect(first.value).toMatchObject({ jobId: "job", sequence: 1n, attempt: 1 });
  await stream.return();
});

test("a fault crosses with its kind, its words and its field", async () => {
  await using worker = await startFakeWorker({
    onSubmit: () => {
      throw invalidField("output.path", "must not be empty");
    },
  });
  using client = clientOf(worker.address);
  expect(await rejection(client.calls.submitJob({ jobId: "job" }).next())).toMatchObject({
    kind: "invalid",
    message: "output.path: must not be empty",
    fields: [{ field: "output.path", message: "must not be empty" }],
  });
  expect(await rejection(client.calls.getJob({ jobId: "none" }))).toMatchObject({ kind: "not_found" });
});

test("a wrong token is our mistake, not the client's; without one nothing is answered", async () => {
  await using worker = await startFakeWorker({ token: "right" });
  for (const token of ["wrong", undefined]) {
    using client = clientOf(worker.address, token);
    expect(await rejection(client.calls.getStatus({}))).toMatchObject({ kind: "internal" });
    expect(await rejection(client.calls.watchJob({ jobId: "job" }).next())).toMatchObject({ kind: "internal" });
  }
  using client = clientOf(worker.address, "right");
  expect(await client.calls.getStatus({})).toMatchObject({ workerId: "fake" });
});

test("a call that the peer does not know is told from one that fails", async () => {
  await using worker = await startFakeWorker({ foreign: true });
  using client = clientOf(worker.address);
  const error = await client.calls.getJob({ jobId: "job" }).catch((error) => error);
  expect([isUnimplemented(error), wasNeverSent(error)]).toEqual([true, false]);
});

test("a refused connection was never sent, a hanging one ends with the deadline", async () => {
  using refused = clientOf(`127.0.0.1:${await freePort()}`);
  const error = await refused.calls.getStatus({}, { timeoutMs: 60_000 }).catch((error) => error);
  expect(error).toMatchObject({ kind: "unreachable" });
  expect(wasNeverSent(error)).toBe(true);
  using fresh = clientOf(`127.0.0.1:${await freePort()}`);
  expect(await fresh.connect(soon())).toBe(false);

  using port = await startHangingPort();
  using hanging = clientOf(port.address);
  expect(await rejection(hanging.calls.getStatus({}, { timeoutMs: 100 }))).toMatchObject({ kind: "unreachable" });
  expect(await hanging.connect(new Date(Date.now() + 100))).toBe(false);
  expect(hanging.isConnected()).toBe(false);
});

test("nothing is connected before it is used", async () => {
  using port = await startHangingPort();
  using client = clientOf(port.address);
  expect(client.isConnected()).toBe(false);
  // Connections are taken in their order: an earlier one would be there before this one.
  const later = connect(Number(port.address.split(":")[1]), "127.0.0.1");
  await eventually(() => port.connections() > 0, "the port takes connections");
  expect(port.connections()).toBe(1);
  later.destroy();
});

test("an aborted call throws the reason, and the worker stops sending", async () => {
  await using worker = await startFakeWorker();
  using client = clientOf(worker.address);
  expect(await client.connect(soon())).toBe(true);
  const leaving = new AbortController();
  const stream = client.calls.submitJob({ jobId: "job" }, { signal: leaving.signal });
  await stream.next();
  expect(worker.state.watchers).toBe(1);
  const reason = new Fault("cancelled", "enough");
  leaving.abort(reason);
  expect(await rejection(stream.next())).toBe(reason);
  await eventually(() => worker.state.watchers === 0, "the worker stops sending");
});

test("a reader that leaves its loop lets the worker go", async () => {
  await using worker = await startFakeWorker();
  using client = clientOf(worker.address);
  for await (const _ of client.calls.submitJob({ jobId: "job" })) break;
  await eventually(() => worker.state.watchers === 0, "the worker stops sending");
  expect(worker.journal.get("job")?.feed.latest?.status).toBe("queued");
});

test("a killed worker breaks the stream, and a new one is found on the same client", async () => {
  const killed = await startFakeWorker();
  using client = clientOf(killed.address);
  const stream = client.calls.submitJob({ jobId: "job" });
  await stream.next();
  const next = stream.next().catch((error) => error);
  await killed.kill();
  expect(await next).toMatchObject({ kind: "unreachable" });
  expect(client.isConnected()).toBe(false);
  await using _worker = await startFakeWorker({ port: killed.port });
  expect(await client.connect(soon())).toBe(true);
});

test("a fast writer waits for a slow reader and loses nothing", async () => {
  await using worker = await startFakeWorker();
  using client = clientOf(worker.address);
  const stream = client.calls.submitJob({ jobId: "job" });
  await stream.next();
  const message = "x".repeat(20_000);
  for (let n = 0; n < 200; n += 1) worker.tell("job", { status: "processing", message });
  worker.tell("job", { status: "completed" });
  const read: JobProgress[] = [];
  for await (const event of stream) {
    read.push(event);
    if (read.length % 20 === 0) await Bun.sleep(1);
  }
  expect(read.map((event) => Number(event.sequence))).toEqual(Array.from({ length: 201 }, (_, n) => n + 2));
});

test("a caller that leaves is no failure; one that stays and is failed is told of with its job", async () => {
  const failures: unknown[] = [];
  const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const handlers = {
    async getJob({ jobId }: { jobId: string }, signal: AbortSignal) {
      if (jobId !== "left") throw new Error("unexpected");
      asked.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      left.resolve();
      return signal.throwIfAborted();
    },
  };
  const server = await serveRpc(WorkerService, handlers as never, {
    host: "127.0.0.1",
    port: 0,
    onFailure: (_, about) => failures.push(about),
  });
  const client = clientOf(`127.0.0.1:${server.port}`);
  const leaving = new AbortController();
  const asking = client.calls.getJob({ jobId: "left" }, { signal: leaving.signal }).catch(() => {});
  await asked.promise;
  leaving.abort();
  await Promise.all([asking, left.promise]);
  expect(await rejection(client.calls.getJob({ jobId: "failed" }))).toMatchObject({ kind: "internal" });
  expect(failures).toEqual([{ method: "GetJob", job_id: "failed" }]);
  client.close();
  await server.stop(0);
});
