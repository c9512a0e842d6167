import { afterEach, beforeEach, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { jobIdAt } from "#shared/job/id.ts";
import { jsonOf, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorkerOptions, freePort, startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";

const able = ["remove-output"];
let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

const worker = async (options: FakeWorkerOptions) => stack.use(await startFakeWorker(options));
const remove = ({ api }: TestControlPlane, id: string) => fetch(`${api}/jobs/${id}?output=true`, { method: "DELETE" });
const workersAt = async (workers: readonly string[]) => stack.use(await startTestControlPlane({ workers }));

/** The records of a job that ended at a worker which is now gone. */
function recordsAt(address: string, storage: string) {
  const jobId = jobIdAt(address, Bun.randomUUIDv7());
  const timestamp = new Date().toISOString();
  const event = { jobId, sequence: 3, attempt: 1, status: "completed" as const, timestamp };
  const request = create(JobRequestSchema, { jobId, output: { storage } });
  return { jobId, records: new Map([[jobId, { event, request }]]) };
}

/** Connects to a worker, as an order does. */
async function connect(service: TestControlPlane, workers: readonly string[]) {
  await service.get("/workers/status?wake=true");
  const isAwake = async () => {
    const { workers: told } = await jsonOf(await service.get("/workers/status?wake=false"));
    return told.filter((one: { reachable: boolean }) => one.reachable).length === workers.length;
  };
  await eventually(isAwake, "the connections");
}

test("a worker of a former version is never asked, and the answer says what it takes", async () => {
  const former = await worker({ capabilities: ["queue"] });
  const service = await workersAt([former.address]);
  const jobId = await service.submit();
  former.tell(jobId, { status: "completed" });
  const answer = await remove(service, jobId);
  expect(answer.status).toBe(503);
  expect((await jsonOf(answer)).detail).toContain("one of this version");
  expect(former.state.removals).toEqual([]);
});

test("a job is removed at its own worker, which remembers it", async () => {
  const [first, second] = [await worker({ capabilities: able }), await worker({ capabilities: able })];
  const service = await workersAt([first.address, second.address]);
  const jobId = await service.submit();
  const [own, other] = first.requests.length > 0 ? [first, second] : [second, first];
  own.tell(jobId, { status: "completed" });
  const answer = await remove(service, jobId);
  expect([answer.status, await jsonOf(answer)]).toEqual([
    200,
    { job_id: jobId, removed: 1, different: [], different_total: 0 },
  ]);
  expect([own.state.removals, other.state.removals]).toEqual([[jobId], []]);
});

test("a connected worker with the storage is asked for a job of one that sleeps, which is left asleep", async () => {
  const sleeping = `127.0.0.1:${await freePort()}`;
  const { jobId, records } = recordsAt(sleeping, "s3");
  const without = await worker({ capabilities: able, storages: ["local"], records });
  const other = await worker({ capabilities: able, storages: ["local", "s3"], records });
  const service = await workersAt([sleeping, without.address, other.address]);
  await connect(service, [without.address, other.address]);
  // Whoever connects to it now has woken it.
  const woken = await worker({ port: Number(sleeping.split(":")[1]), capabilities: able, storages: ["s3"], records });
  expect((await remove(service, jobId)).status).toBe(200);
  expect([without.state.removals, other.state.removals, woken.state.removals]).toEqual([[], [jobId], []]);
  expect(woken.state.questions).toBe(0);
});

test("a job that was removed elsewhere is in no list, though its worker remembers it, as long as records can be read", async () => {
  let problem: string | undefined;
  const records: NonNullable<FakeWorkerOptions["records"]> = new Map();
  const reader = await worker({ capabilities: able, slots: 0, records, recordsProblem: () => problem });
  const own = await worker({ capabilities: able, slots: 2 });
  const service = await workersAt([reader.address, own.address]);
  await connect(service, [reader.address, own.address]);
  const ids = [await service.submit(), await service.submit()];
  for (const jobId of ids) own.tell(jobId, { status: "completed" });
  // This control plane lists what it follows itself.
  const other = await workersAt([reader.address, own.address]);
  await connect(other, [reader.address, own.address]);
  const listed = async () => {
    const { jobs } = await jsonOf(await other.get("/jobs"));
    return jobs.map((job: { job_id: string }) => job.job_id).sort();
  };
  expect(await listed()).toEqual(ids.toSorted());
  const [removed = "", kept = ""] = ids;
  own.state.recorded.push(removed, kept);
  const [event, request] = [own.journal.get(kept)?.feed.latest, own.journal.get(kept)?.request];
  if (event && request) records.set(kept, { event, request });
  expect(await listed()).toEqual([kept]);
  problem = "s3 (bucket media): the storage cannot be reached";
  expect(await listed()).toEqual(ids.toSorted());
});

test("what lies on a worker's own disk is removed by nobody else, and that worker is woken for it", async () => {
  const sleeping = `127.0.0.1:${await freePort()}`;
  const { jobId, records } = recordsAt(sleeping, "local");
  const other = await worker({ capabilities: able, storages: ["local"], records });
  const service = await workersAt([sleeping, other.address]);
  await connect(service, [other.address]);
  expect((await remove(service, jobId)).status).toBe(503);
  const woken = await worker({
    port: Number(sleeping.split(":")[1]),
    capabilities: able,
    storages: ["local"],
    records,
  });
  expect((await remove(service, jobId)).status).toBe(200);
  expect([other.state.removals, woken.state.removals]).toEqual([[], [jobId]]);
});
