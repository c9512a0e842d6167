import { expect, test } from "bun:test";
import { pino } from "pino";
import { Fault, invalidField } from "#shared/fault.ts";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { outcome } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";

const inVain = async () => `127.0.0.1:${await freePort()}`;

test("workers take turns", async () => {
  await using one = await startFakeWorker({ slots: 9 });
  await using two = await startFakeWorker({ slots: 9 });
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  // Both are known once each was asked; then the round robin alone decides.
  await service.get("/workers/status");
  for (let n = 0; n < 6; n += 1) await service.submit();
  expect([one.requests.length, two.requests.length]).toEqual([3, 3]);
});

test("a connected worker with room is preferred to starting another machine", async () => {
  await using awake = await startFakeWorker({ slots: 9 });
  using asleep = await startHangingPort();
  await using service = await startTestControlPlane({ workers: [asleep.address, awake.address] });
  const first = new AbortController();
  const connecting = service.get("/workers/status", { signal: first.signal }).catch(() => {});
  await eventually(() => awake.state.questions > 0, "the worker is asked for its state");
  first.abort();
  await connecting;
  const before = asleep.connections();
  await service.submit();
  expect(asleep.connections()).toBe(before);
  expect(awake.requests).toHaveLength(1);
});

test("the order reaches the worker whole, under an id that names it", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address], config: { jobTimeoutMs: 90_000 } });
  const output = { storage: "s3", path: "a/b.mp4", type: "single", metadata: { title: "Ü" }, overwrite: true };
  const answer = await service.post({ ...anOrder, output, callback_url: "http://127.0.0.1:9/hook" });
  const { job_id, status, stream_url } = await jsonOf(answer);
  expect(answer.status).toBe(202);
  expect(answer.headers.get("Location")).toBe(`/api/v1/jobs/${job_id}`);
  expect({ status, stream_url }).toEqual({ status: "queued", stream_url: `/api/v1/jobs/${job_id}/stream` });
  expect(worker.requests).toHaveLength(1);
  expect(worker.requests[0]).toMatchObject({
    jobId: job_id,
    inputUrl: anOrder.input_url,
    preset: "tiny",
    output,
    callbackUrl: "http://127.0.0.1:9/hook",
    timeoutMs: 90_000n,
  });
});

test("a full worker makes way for the next", async () => {
  await using full = await startFakeWorker({ slots: 0 });
  await using free = await startFakeWorker({ slots: 9 });
  await using service = await startTestControlPlane({ workers: [full.address, free.address] });
  for (let n = 0; n < 3; n += 1) await service.submit();
  expect(free.requests).toHaveLength(3);
});

test("every worker full: 503 with Retry-After, also while another is down", async () => {
  await using full = await startFakeWorker({ slots: 0 });
  await using service = await startTestControlPlane({
    workers: [full.address, await inVain()],
    config: { startupTimeoutMs: 60_000 },
  });
  const answer = await service.post(anOrder);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await jsonOf(answer)).toMatchObject({ kind: "busy", status: 503 });
});

test("every worker down: 503 with Retry-After when their time to start is over", async () => {
  const workers = [await inVain(), await inVain()];
  await using service = await startTestControlPlane({ workers, config: { startupTimeoutMs: 300 } });
  const answer = await service.post(anOrder);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await jsonOf(answer)).toMatchObject({ kind: "unreachable", status: 503 });
});

test("a worker that starts during the POST takes the job", async () => {
  const port = await freePort();
  const searching = Promise.withResolvers<void>();
  const log = pino({ level: "info" }, { write: (line) => void (line.includes("waking") && searching.resolve()) });
  await using service = await startTestControlPlane({ workers: [`127.0.0.1:${port}`], deps: { log } });
  const posted = service.submit();
  await searching.promise;
  await using worker = await startFakeWorker({ port });
  expect(await posted).toBe(worker.requests[0]?.jobId ?? "");
});

test("one that is down does not keep another, not yet connected, from the job", async () => {
  await using worker = await startFakeWorker({ slots: 9 });
  for (let n = 0; n < 4; n += 1) {
    await using service = await startTestControlPlane({
      workers: [await inVain(), worker.address, await inVain()],
      config: { startupTimeoutMs: 60_000 },
    });
    await service.submit();
  }
  expect(worker.requests).toHaveLength(4);
});

test("a machine that hangs is waited for, then passed over, and not asked first again", async () => {
  using hanging = await startHangingPort();
  await using worker = await startFakeWorker({ slots: 99 });
  // Each begins at a place of its own in the round robin.
  for (let n = 0; n < 4; n += 1) {
    await using service = await startTestControlPlane({
      workers: [hanging.address, worker.address],
      config: { startupTimeoutMs: 200 },
    });
    await service.submit();
    const connections = hanging.connections();
    await service.submit();
    expect(hanging.connections()).toBe(connections);
  }
  expect(worker.requests).toHaveLength(8);
});

test("a draining worker is asked again until it is back", async () => {
  await using worker = await startFakeWorker({ draining: true });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const posted = service.submit();
  await eventually(() => worker.state.questions >= 2, "the worker is asked again");
  expect(worker.requests).toHaveLength(0);
  worker.state.draining = false;
  expect(await posted).toBe(worker.requests[0]?.jobId ?? "");
});

test("a POST that meets the end of a worker's process is taken by the next one", async () => {
  const leaving = await startFakeWorker({ draining: true });
  await using service = await startTestControlPlane({ workers: [leaving.address] });
  const posted = service.submit();
  await eventually(() => leaving.state.questions > 0, "the worker is asked");
  await leaving.kill();
  await using worker = await startFakeWorker({ port: leaving.port });
  expect(await posted).toBe(worker.requests[0]?.jobId ?? "");
});

test("a slot that is lost to another between question and order is no failure", async () => {
  let refused = false;
  await using worker = await startFakeWorker({
    onSubmit: () => {
      if (refused) return;
      refused = true;
      throw new Fault("busy", "no slot is free");
    },
  });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  await service.submit();
  expect(worker.requests).toHaveLength(2);
});

test("when it is not known whether a worker took the job, the same one is asked with the same id", async () => {
  let failures = 2;
  const fail = () => {
    failures -= 1;
    if (failures >= 0) throw new Fault("unreachable", "the connection broke");
  };
  await using one = await startFakeWorker({ onSubmit: fail });
  await using two = await startFakeWorker({ onSubmit: fail });
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  const jobId = await service.submit();
  const asked = [...one.requests, ...two.requests].map((request) => request.jobId);
  expect(asked).toEqual([jobId, jobId, jobId]);
});

test("when that stays unknown, the answer carries the id to look for later, and does not ask to be repeated", async () => {
  await using worker = await startFakeWorker({
    onSubmit: () => {
      throw new Fault("unreachable", "the connection broke");
    },
  });
  await using service = await startTestControlPlane({ workers: [worker.address], config: { startupTimeoutMs: 300 } });
  const answer = await service.post(anOrder);
  expect(answer.status).toBe(500);
  expect(answer.headers.get("Retry-After")).toBeNull();
  expect(await jsonOf(answer)).toMatchObject({ kind: "unreachable", status: 500, job_id: worker.requests[0]?.jobId });
});

test("a worker that goes silent over an order may have it: no other is asked", async () => {
  const onSubmit = () => new Promise<void>(() => {});
  await using one = await startFakeWorker({ onSubmit });
  await using two = await startFakeWorker({ onSubmit });
  const workers = [one.address, two.address];
  await using service = await startTestControlPlane({ workers, config: { startupTimeoutMs: 300 } });
  const answer = await service.post(anOrder);
  const asked = [...one.requests, ...two.requests].map((request) => request.jobId);
  expect(asked).toHaveLength(1);
  expect(await jsonOf(answer)).toMatchObject({ kind: "unreachable", job_id: asked[0] });
});

test.each([
  ["not_found", new Fault("not_found", "no preset tiny")],
  ["delivery_failed", new Fault("delivery_failed", "the records cannot be read")],
])("a worker that may have the job is asked again also when it answers %s meanwhile", async (_, problem) => {
  const answers = [new Fault("unreachable", "the connection broke"), problem];
  const onSubmit = () => {
    const answer = answers.shift();
    if (answer) throw answer;
  };
  await using one = await startFakeWorker({ onSubmit });
  await using two = await startFakeWorker({ onSubmit });
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  const jobId = await service.submit();
  const asked = [...one.requests, ...two.requests].map((request) => request.jobId);
  expect(asked).toEqual([jobId, jobId, jobId]);
});

const refusing = (fault: Fault) => ({
  onSubmit: () => {
    throw fault;
  },
});
const noPreset = refusing(new Fault("not_found", "no preset tiny"));

test.each([
  ["preset", 404, new Fault("not_found", "no preset tiny")],
  ["output.storage", 400, invalidField("output.storage", "s3 is not configured")],
  ["callback_url", 400, invalidField("callback_url", "this service sends no webhooks")],
])("what all workers find wrong with %s is the client's, and each says so once", async (field, status, fault) => {
  await using one = await startFakeWorker(refusing(fault));
  await using two = await startFakeWorker(refusing(fault));
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  await service.get("/workers/status");
  const answer = await service.post(anOrder);
  expect(answer.status).toBe(status);
  expect((await jsonOf(answer)).errors[0].field).toBe(field);
  expect([one.requests.length, two.requests.length]).toEqual([1, 1]);
});

test("all that a worker finds wrong with an order is told, each with its field", async () => {
  const fields = [
    { field: "preset", message: "there is no preset 7" },
    { field: "output.path", message: "ends in ü, which it must not" },
  ];
  const message = fields.map((one) => `${one.field}: ${one.message}`).join("; ");
  await using worker = await startFakeWorker(refusing(new Fault("not_found", message, { fields })));
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const answer = await service.post(anOrder);
  expect(answer.status).toBe(404);
  expect((await jsonOf(answer)).errors).toEqual(fields);
});

test("what is wrong at every worker is asked of one", async () => {
  const wrong = refusing(invalidField("output.path", "name a file: it must not end in /"));
  await using one = await startFakeWorker(wrong);
  await using two = await startFakeWorker(wrong);
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  expect((await service.post(anOrder)).status).toBe(400);
  expect(one.requests.length + two.requests.length).toBe(1);
});

test("a preset that one worker does not have yet is another's to encode", async () => {
  await using former = await startFakeWorker({ slots: 9, ...noPreset });
  await using worker = await startFakeWorker({ slots: 9 });
  // Each begins at a place of its own in the round robin.
  for (let n = 1; n <= 4; n += 1) {
    await using service = await startTestControlPlane({ workers: [former.address, worker.address] });
    await service.get("/workers/status");
    await service.submit();
    expect(worker.journal.size).toBe(n);
  }
});

/** Workers as they say of themselves that they measure quality, or that they do not. */
const former = { slots: 9, capabilities: ["queue"] };
const withSsim = { slots: 9, capabilities: ["queue", "measure", "ffmpeg:5.1"] };
const withVmaf = { slots: 9, capabilities: ["queue", "measure", "ffmpeg:9.0", "vmaf"] };

test("an order whose quality is measured goes to a worker that can measure it", async () => {
  await using one = await startFakeWorker(former);
  await using two = await startFakeWorker(withSsim);
  await using three = await startFakeWorker(withVmaf);
  await using service = await startTestControlPlane({ workers: [one.address, two.address, three.address] });
  await service.get("/workers/status");
  for (let n = 0; n < 4; n += 1) await service.submit({ ...anOrder, measure: "vmaf" });
  expect([one.requests.length, two.requests.length, three.requests.length]).toEqual([0, 0, 4]);
  expect(three.requests[0]?.measure).toBe("vmaf");
  for (let n = 0; n < 4; n += 1) await service.submit({ ...anOrder, measure: "ssim" });
  expect(one.requests).toHaveLength(0);
  expect(two.requests.length).toBeGreaterThan(0);
});

test("an order with a certificate goes to a worker that signs, and never to one that would ignore it", async () => {
  const signed = { ...anOrder, output: { certificate: true } };
  await using one = await startFakeWorker(former);
  await using two = await startFakeWorker({ slots: 9, capabilities: ["certificate"] });
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  for (let n = 0; n < 3; n += 1) await service.submit(signed);
  expect([one.requests.length, two.requests.length]).toEqual([0, 3]);
  expect(two.requests[0]?.output?.certificate).toBe(true);
  await using alone = await startTestControlPlane({ workers: [one.address] });
  const answer = await alone.post(signed);
  expect([answer.status, await jsonOf(answer)]).toMatchObject([400, { errors: [{ field: "output.certificate" }] }]);
});

test("without a worker that measures, an order is refused in words that say what to do", async () => {
  await using one = await startFakeWorker(former);
  await using two = await startFakeWorker(withSsim);
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  const answer = await service.post({ ...anOrder, measure: "vmaf" });
  expect(answer.status).toBe(400);
  expect(await jsonOf(answer)).toMatchObject({ errors: [{ field: "measure" }] });
  await using alone = await startTestControlPlane({ workers: [two.address] });
  const { detail } = await jsonOf(await alone.post({ ...anOrder, measure: "vmaf" }));
  expect(detail).toContain("give one an ffmpeg that is built with libvmaf, or use ssim");
  expect(two.requests).toHaveLength(0);
});

test("a worker that finds out that it cannot measure when it is given an order makes way for another", async () => {
  const onSubmit = () => {
    throw invalidField("measure", "no libvmaf");
  };
  await using starting = await startFakeWorker({ slots: 9, capabilities: ["measure"], onSubmit });
  await using able = await startFakeWorker(withVmaf);
  await using service = await startTestControlPlane({ workers: [starting.address, able.address] });
  for (let n = 0; n < 2; n += 1) await service.submit({ ...anOrder, measure: "vmaf" });
  expect(able.requests).toHaveLength(2);
});

test("what a worker refuses is told also when no other answers", async () => {
  await using worker = await startFakeWorker(noPreset);
  await using service = await startTestControlPlane({ workers: [worker.address, await inVain()] });
  expect((await service.post(anOrder)).status).toBe(404);
});

test("for an order that a worker refuses no other machine is started", async () => {
  await using worker = await startFakeWorker(noPreset);
  using asleep = await startHangingPort();
  await using service = await startTestControlPlane({ workers: [worker.address, asleep.address] });
  const first = new AbortController();
  const connecting = service.get("/workers/status", { signal: first.signal }).catch(() => {});
  await eventually(() => worker.state.questions > 0, "the worker is asked for its state");
  first.abort();
  await connecting;
  const before = asleep.connections();
  expect((await service.post(anOrder)).status).toBe(404);
  expect(asleep.connections()).toBe(before);
});

test("a preset that no worker with room knows is not waited for", async () => {
  await using full = await startFakeWorker({ slots: 0 });
  await using worker = await startFakeWorker(noPreset);
  await using service = await startTestControlPlane({ workers: [full.address, worker.address] });
  await service.get("/workers/status");
  expect((await service.post(anOrder)).status).toBe(404);
});

test("an order goes to the workers that have its storage, and to those that do not name theirs", async () => {
  const output = { storage: "s3" };
  await using local = await startFakeWorker({ slots: 9, storages: ["local"] });
  await using both = await startFakeWorker({ slots: 9, storages: ["local", "s3"] });
  await using foreign = await startFakeWorker({ slots: 9, foreign: true });
  for (const able of [both, foreign]) {
    await using service = await startTestControlPlane({ workers: [local.address, able.address] });
    for (let n = 0; n < 3; n += 1) await service.submit({ ...anOrder, output });
    expect(able.requests).toHaveLength(3);
  }
  expect(local.requests).toHaveLength(0);
  await using service = await startTestControlPlane({ workers: [local.address] });
  const answer = await service.post({ ...anOrder, output });
  expect([answer.status, await jsonOf(answer)]).toMatchObject([400, { errors: [{ field: "output.storage" }] }]);
});

test("a client's mistake that a worker finds is a line of the log, without a stack", async () => {
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line) => lines.push(line) });
  await using worker = await startFakeWorker(noPreset);
  await using service = await startTestControlPlane({ workers: [worker.address], deps: { log } });
  await service.post(anOrder);
  expect(lines.filter((line) => line.includes("a worker did not take the job"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('"stack"') || JSON.parse(line).level > 30)).toEqual([]);
});

test("a worker that runs and only has to be connected to is no cold start", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  await service.submit();
  expect(worker.requests[0]?.coldStartMs).toBe(0n);
});

test("a worker that refuses our token is not blamed on the client", async () => {
  await using worker = await startFakeWorker({ token: "right" });
  const workers = [worker.address];
  await using wrong = await startTestControlPlane({ workers, config: { workerToken: "wrong", startupTimeoutMs: 100 } });
  await using right = await startTestControlPlane({ workers, config: { workerToken: "right" } });
  const answer = await wrong.post(anOrder);
  expect([answer.status, await jsonOf(answer)]).toMatchObject([500, { kind: "internal" }]);
  expect(await jsonOf(await wrong.get("/presets"))).toMatchObject({ kind: "internal" });
  await right.submit();
});

test("a client that leaves while a worker is looked for ends the search", async () => {
  const port = await freePort();
  await using door = await startTcpProxy(port);
  door.set({ how: "refused" });
  await using service = await startTestControlPlane({ workers: [`127.0.0.1:${door.port}`] });
  const leaving = new AbortController();
  const posted = service.post(anOrder, {}, leaving.signal);
  await eventually(() => door.struck > 0, "a worker is looked for");
  leaving.abort();
  expect(await outcome(posted)).toThrow();
  await using worker = await startFakeWorker({ port });
  door.mend();
  await service.submit();
  expect(worker.requests).toHaveLength(1);
});
