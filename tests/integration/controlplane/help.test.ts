import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import type { Pieces } from "#shared/job/pieces.ts";
import { anOrder, sseEvents, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, type FakeWorkerOptions, startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";
import { sleepingFakes } from "#tests/support/sleeping-workers.ts";

const capabilities = ["pieces", "build:a"];
const pieces: Pieces = { done: 0, total: 9, workers: 1, board: "board-1", open: [3, 4, 5, 6, 7, 8] };
const untilClosed = (_: unknown, signal: AbortSignal) =>
  new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(false)));

const startWorkers = async (...options: FakeWorkerOptions[]) => {
  const workers = await Promise.all(options.map((of) => startFakeWorker({ slots: 9, capabilities, ...of })));
  return {
    workers,
    addresses: workers.map(({ address }) => address),
    [Symbol.asyncDispose]: async () => void (await Promise.all(workers.map((one) => one[Symbol.asyncDispose]()))),
  };
};
const ownerOf = (workers: readonly FakeWorker[], jobId: string) => {
  const owner = workers.find(({ journal }) => journal.has(jobId));
  if (!owner) throw new Error("nobody has the job");
  return { owner, others: workers.filter((one) => one !== owner) };
};

/** Orders a film for so many workers, whose owner tells of pieces. */
async function share(service: TestControlPlane, workers: readonly FakeWorker[], asked: number, told = pieces) {
  const jobId = await service.submit({ ...anOrder, workers: asked });
  const found = ownerOf(workers, jobId);
  found.owner.tell(jobId, { status: "processing", pieces: told });
  return { jobId, ...found };
}
const asked = (workers: readonly FakeWorker[]) =>
  workers.flatMap(({ state }) => state.helps.map(({ piece }) => piece)).sort((a, b) => a - b);

test("as many workers as the order asks for have a piece each, the owner none, until the job ends", async () => {
  await using farm = await startWorkers(...Array.from({ length: 5 }, () => ({ onHelp: untilClosed })));
  await using service = await startTestControlPlane({ workers: farm.addresses });
  const { jobId, owner, others } = await share(service, farm.workers, 3);
  await eventually(() => asked(others).length === 2, "two others help");
  expect(asked(others)).toEqual([3, 4]);
  expect(others.flatMap(({ state }) => state.helps)[0]).toMatchObject({ jobId, board: "board-1" });
  owner.tell(jobId, { status: "processing", pieces: { ...pieces, open: [5, 6, 7, 8] } });
  owner.tell(jobId, { status: "completed" });
  await eventually(() => others.every(({ state }) => state.helping === 0), "their calls are closed");
  expect(asked(farm.workers)).toEqual([3, 4]);
});

test("who is done with a piece gets the next, until all are encoded", async () => {
  const helped: number[] = [];
  const onHelp = async ({ piece }: { piece: number }) => helped.push(piece) > 0;
  await using farm = await startWorkers({ onHelp }, { onHelp });
  await using service = await startTestControlPlane({ workers: farm.addresses });
  await share(service, farm.workers, 2);
  await eventually(() => helped.length === 6, "all are encoded");
  expect(helped).toEqual([3, 4, 5, 6, 7, 8]);
  expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
    /flux_helped_pieces_total\{.*outcome="done"\} 6/,
  );
});

test("workers of another build or a former version, full and draining ones are not asked", async () => {
  const able = { onHelp: untilClosed };
  const unlike = [{ capabilities: ["pieces", "build:b"] }, { capabilities: ["build:a"] }, { capabilities: ["pieces"] }];
  await using farm = await startWorkers({}, ...unlike, { slots: 0 }, { foreign: true }, able, {});
  await using service = await startTestControlPlane({ workers: farm.addresses });
  const [, ...others] = farm.workers;
  for (const { state } of others) state.draining = true;
  const { owner, jobId } = await share(service, farm.workers, 9, { ...pieces, open: [] });
  for (const { state } of others.slice(0, -1)) state.draining = false;
  owner.tell(jobId, { status: "processing", pieces });
  await eventually(() => asked(farm.workers).length > 0, "the one that can helps");
  owner.tell(jobId, { status: "processing", pieces: { ...pieces, done: 1 } });
  expect(farm.workers.map(({ state }) => state.helps.length)).toEqual([0, 0, 0, 0, 0, 0, 1, 0]);
});

test("a worker that cannot read the board is not asked again until there is another board", async () => {
  const refuse = async () => {
    throw new Fault("conflict", "the storage has no such board");
  };
  await using farm = await startWorkers({ onHelp: refuse }, { onHelp: refuse }, { onHelp: refuse });
  await using service = await startTestControlPlane({ workers: farm.addresses });
  const { jobId, owner, others } = await share(service, farm.workers, 9);
  await eventually(() => others.every(({ state }) => state.helps.length === 1), "both others are asked");
  for (const open of [[4], [5], [6]]) owner.tell(jobId, { status: "processing", pieces: { ...pieces, open } });
  // A new board is another question.
  owner.tell(jobId, { status: "processing", pieces: { ...pieces, board: "board-2" } });
  await eventually(() => others.every(({ state }) => state.helps.at(-1)?.board === "board-2"), "they are asked anew");
  expect(others.map(({ state }) => state.helps.map(({ board, piece }) => `${board} ${piece}`))).toEqual([
    ["board-1 3", "board-2 3"],
    ["board-1 3", "board-2 3"],
  ]);
});

test("sleeping machines are woken as far as the order asks for them", async () => {
  await using farm = await sleepingFakes(5, () => startFakeWorker({ capabilities, onHelp: untilClosed }));
  await using service = await startTestControlPlane({ workers: farm.addresses, config: { startupTimeoutMs: 600_000 } });
  const submitted = service.submit({ ...anOrder, workers: 3 });
  await eventually(() => farm.woken().length === 1, "a machine is started for the order");
  farm.woken()[0]?.boot();
  const jobId = await submitted;
  expect(farm.woken()).toHaveLength(1);
  ownerOf(farm.workers, jobId).owner.tell(jobId, { status: "processing", pieces });
  await eventually(() => farm.woken().length === 3, "two more are started");
  for (const front of farm.woken()) front.boot();
  await eventually(() => asked(farm.workers).length === 2, "they help");
  expect(farm.woken()).toHaveLength(3);
});

test("a job without workers asked for gets no help, and one of SPLIT_WORKERS does", async () => {
  await using farm = await startWorkers({ onHelp: untilClosed }, { onHelp: untilClosed });
  await using alone = await startTestControlPlane({ workers: farm.addresses });
  const jobId = await alone.submit();
  const { owner, others } = ownerOf(farm.workers, jobId);
  owner.tell(jobId, { status: "processing", pieces });
  owner.tell(jobId, { status: "completed" });
  await using service = await startTestControlPlane({ workers: farm.addresses, config: { splitWorkers: 2 } });
  const next = await service.submit();
  expect(asked(others)).toEqual([]);
  ownerOf(farm.workers, next).owner.tell(next, { status: "processing", pieces });
  await eventually(() => asked(farm.workers).length === 1, "the other helps");
});

test("who watches a job after its control plane is gone gets it help, and goes on when nobody reads", async () => {
  await using farm = await startWorkers({ onHelp: untilClosed }, { onHelp: untilClosed });
  const first = await startTestControlPlane({ workers: farm.addresses });
  const { jobId, owner, others } = await share(first, farm.workers, 2);
  await eventually(() => asked(others).length === 1, "the other helps");
  await first[Symbol.asyncDispose]();
  await eventually(() => others.every(({ state }) => state.helping === 0), "its calls end with it");
  await using second = await startTestControlPlane({ workers: farm.addresses });
  const reading = new AbortController();
  await second.get(`/jobs/${jobId}/stream`, { signal: reading.signal });
  await eventually(() => asked(others).length === 2, "the other helps again");
  reading.abort();
  owner.tell(jobId, { status: "processing", pieces: { ...pieces, open: [7] } });
  owner.tell(jobId, { status: "completed" });
  await eventually(() => others.every(({ state }) => state.helping === 0), "the end is seen without a reader");
});

test("nobody helps while an order waits for a worker", async () => {
  await using folder = await temporaryFolder();
  const all = ["queue", ...capabilities];
  await using farm = await startWorkers(
    { slots: 1, capabilities: [...all, "measure"] },
    { capabilities: all, onHelp: untilClosed },
  );
  const settings = { RECORD_STORAGE: "local", LOCAL_ROOT: folder.path, QUEUE_URL: `sqlite:${folder.path}/room.sqlite` };
  await using service = await startTestControlPlane({ workers: farm.addresses, settings });
  const measured = { ...anOrder, measure: "ssim" };
  const jobId = await service.submit({ ...measured, workers: 2 });
  const [owner, other] = farm.workers;
  await eventually(() => owner?.journal.has(jobId) ?? false, "the only one that can has the job");
  const waiting = await service.submit(measured);
  owner?.tell(jobId, { status: "processing", pieces });
  for await (const { pieces: told } of sseEvents(await service.stream(jobId))) if (told) break;
  for (let n = 0; n < 3; n += 1) await service.get("/queue");
  expect(other?.state.helps).toEqual([]);
  await service.get(`/jobs/${waiting}`, { method: "DELETE" });
  await eventually(() => other?.state.helping === 1, "the other helps");
});
