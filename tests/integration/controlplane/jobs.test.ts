import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import { jobIdAt, newestFirst } from "#shared/job/id.ts";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { outcome } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";

const running = async (worker: { requests: { jobId: string }[] }) => {
  await eventually(() => worker.requests.length > 0, "the worker is asked");
  return worker.requests[0]?.jobId ?? "";
};

test.each(["wait=30", "wait"])("Prefer: %s answers with the end of the job", async (prefer) => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const posted = service.post(anOrder, { Prefer: prefer });
  const jobId = await running(worker);
  worker.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4" });
  const answer = await posted;
  expect([answer.status, answer.headers.get("Preference-Applied")]).toEqual([200, prefer]);
  expect(await jsonOf(answer)).toMatchObject({ job_id: jobId, status: "completed", output_url: "file:///out.mp4" });
});

test("a wait that is over before the job answers like none", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const answer = await service.post(anOrder, { Prefer: "wait=0" });
  expect([answer.status, answer.headers.get("Preference-Applied")]).toEqual([202, "wait=0"]);
  expect(await jsonOf(answer)).toMatchObject({ status: "queued" });
});

test.each([
  ["timeout", 504],
  ["source_failed", 422],
  ["delivery_failed", 502],
] as const)("a job that fails with %s while the client waits answers %i and names the job", async (kind, status) => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const posted = service.post(anOrder, { Prefer: "wait" });
  const jobId = await running(worker);
  worker.tell(jobId, { status: "failed", error: { kind, message: "it went wrong" } });
  const answer = await posted;
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([status, "application/problem+json"]);
  expect(await jsonOf(answer)).toMatchObject({ kind, status, detail: "it went wrong", job_id: jobId });
});

test("a client that leaves during a wait does not end the job", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const leaving = new AbortController();
  const posted = service.post(anOrder, { Prefer: "wait" }, leaving.signal);
  const jobId = await running(worker);
  leaving.abort();
  expect(await outcome(posted)).toThrow();
  worker.tell(jobId, { status: "completed" });
  expect(await (await service.stream(jobId)).text()).toContain("completed");
});

test("a service that stops lets those who wait go with the job's address", async () => {
  await using worker = await startFakeWorker();
  const service = await startTestControlPlane({ workers: [worker.address] });
  const posted = service.post(anOrder, { Prefer: "wait" });
  await running(worker);
  await service.stop();
  expect((await posted).status).toBe(202);
});

test("a running job is cancelled once, by any replica", async () => {
  await using worker = await startFakeWorker();
  await using one = await startTestControlPlane({ workers: [worker.address] });
  await using two = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await one.submit();
  const cancelled = await two.get(`/jobs/${jobId}`, { method: "DELETE" });
  expect(cancelled.status).toBe(202);
  expect(await jsonOf(cancelled)).toMatchObject({ job_id: jobId });
  expect(worker.journal.get(jobId)?.feed.latest?.status).toBe("cancelled");
  for (const service of [one, two]) {
    const again = await service.get(`/jobs/${jobId}`, { method: "DELETE" });
    expect(again.status).toBe(409);
  }
  expect((await two.get("/jobs/none", { method: "DELETE" })).status).toBe(404);
});

test("an ended job is run again as a job of its own; a running one is not", async () => {
  await using worker = await startFakeWorker({ slots: 2 });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit({ ...anOrder, output: { metadata: { title: "a" } } });
  const retry = () => service.get(`/jobs/${jobId}/retry`, { method: "POST" });
  expect((await retry()).status).toBe(409);
  worker.tell(jobId, { status: "failed", error: { kind: "encode_failed", message: "no" } });
  const answer = await retry();
  expect(answer.status).toBe(202);
  const { job_id } = await jsonOf(answer);
  expect(job_id).not.toBe(jobId);
  expect(worker.requests[1]).toMatchObject({
    jobId: job_id,
    retryOf: jobId,
    inputUrl: anOrder.input_url,
    output: { metadata: { title: "a" } },
  });
});

test("an ended job is run again over its own output when the body says so", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit({ ...anOrder, output: { path: "films/a/" } });
  worker.tell(jobId, { status: "completed" });
  const headers = { "Content-Type": "application/json" };
  const retry = (body: object) =>
    service.get(`/jobs/${jobId}/retry`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(await jsonOf(await retry({ overwrite: 1 }))).toMatchObject({ errors: [{ field: "overwrite" }] });
  expect((await retry({ overwrite: true })).status).toBe(202);
  expect(worker.requests[1]?.output).toMatchObject({ path: "films/a/", overwrite: true });
});

test("a job whose source was not kept in full cannot be run again", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    deps: {
      readRecord: async (jobId) => ({
        event: { jobId, sequence: 1, status: "failed", attempt: 1, timestamp: "" },
        order: { inputUrl: "http://127.0.0.1/a.mp4" },
        sourceRedacted: true,
        callbackRedacted: false,
        holder: undefined,
        kept: false,
      }),
    },
  });
  const answer = await service.get("/jobs/some-job/retry", { method: "POST" });
  expect(answer.status).toBe(409);
  expect((await jsonOf(answer)).detail).toContain("post the order again");
});

test("a job whose callback was not kept in full is run again when one is named", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    deps: {
      readRecord: async (jobId) => ({
        event: { jobId, sequence: 1, status: "completed", attempt: 1, timestamp: "" },
        order: { inputUrl: anOrder.input_url, preset: "tiny", callbackUrl: "http://127.0.0.1:9/hook" },
        sourceRedacted: false,
        callbackRedacted: true,
        holder: undefined,
        kept: false,
      }),
    },
  });
  const retry = (body?: object) =>
    service.get("/jobs/some-job/retry", {
      method: "POST",
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
  const refused = await retry();
  expect(refused.status).toBe(409);
  expect((await jsonOf(refused)).detail).toContain("callback_url");
  expect((await jsonOf(await retry({ callback_url: "http://10.0.0.1/" }))).errors).toMatchObject([
    { field: "callback_url" },
  ]);
  expect((await retry({ preset: "other" })).status).toBe(400);
  expect((await retry({ callback_url: "http://127.0.0.1:9/hook?token=1" })).status).toBe(202);
  expect(worker.requests).toMatchObject([{ retryOf: "some-job", callbackUrl: "http://127.0.0.1:9/hook?token=1" }]);
});

const refusedFilters = ["since=yesterday", "until=2026-13-01", "since=2026-01-31T12:00:00", "source=", "preset="];

test("jobs are listed newest first, once each, a page at a time", async () => {
  const records = new Map();
  await using one = await startFakeWorker({ slots: 9, records });
  await using two = await startFakeWorker({ slots: 9, records });
  await using service = await startTestControlPlane({ workers: [one.address, two.address] });
  await service.get("/workers/status");
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.unshift(await service.submit());
  const [newest = ""] = ids;
  (one.journal.has(newest) ? one : two).tell(newest, { status: "completed" });

  const page = async (query: string) => jsonOf(await service.get(`/jobs?${query}`));
  const idsOf = ({ jobs }: { jobs: { job_id: string }[] }) => jobs.map((job) => job.job_id);
  expect(idsOf(await page(""))).toEqual(ids);
  expect(idsOf(await page("status=completed"))).toEqual([newest]);
  const first = await page("limit=2");
  const second = await page(`limit=2&cursor=${first.next_cursor}`);
  const last = await page(`limit=2&cursor=${second.next_cursor}`);
  expect([first, second, last].flatMap(idsOf)).toEqual(ids);
  expect(last.next_cursor).toBeUndefined();

  // One worker reads the records for all; of the others only the jobs that they hold are asked.
  const asked = [one, two].map(({ lists }) => lists.map(({ held }) => held));
  expect(asked).toEqual([Array(5).fill(false), Array(5).fill(true)]);

  for (const query of [
    "limit=0",
    "limit=101",
    "limit=x",
    "status=done",
    "cursor=..",
    "cursor=zzz",
    ...refusedFilters,
  ]) {
    const answer = await service.get(`/jobs?${query}`);
    expect(answer.status).toBe(400);
    expect((await jsonOf(answer)).errors[0].field).toBe(query.split("=")[0]);
  }
});

test("workers of a former version, and records that the control plane reads itself, lose no job of a list", async () => {
  const records = new Map();
  await using former = await startFakeWorker({ slots: 9, records, former: true });
  await using other = await startFakeWorker({ slots: 9 });
  const ids = Array.from({ length: 5 }, () => jobIdAt("gone:1", Bun.randomUUIDv7())).toReversed();
  const eventOf = (jobId: string) => ({
    ...{ jobId, sequence: 1, status: "completed" as const, attempt: 1, timestamp: new Date().toISOString() },
  });
  const [first = "", second = "", third = "", ...ofFormer] = ids;
  for (const id of ofFormer) records.set(id, { event: eventOf(id) });
  await using service = await startTestControlPlane({
    workers: [former.address, other.address],
    config: { readsRecords: true },
    deps: {
      async recentRecords({ before, limit }) {
        const rest = [first, second, third].filter((id) => !before || newestFirst(before, id) < 0);
        const jobs = rest.slice(0, limit).map((jobId) => ({ event: eventOf(jobId), order: undefined }));
        return { jobs, next: rest.length > limit ? jobs.at(-1)?.event.jobId : undefined, failure: undefined };
      },
    },
  });
  await service.get("/workers/status");
  const found: string[] = [];
  for (let query = "limit=2"; query !== ""; ) {
    const { jobs, next_cursor } = await jsonOf(await service.get(`/jobs?${query}`));
    found.push(...jobs.map(({ job_id }: { job_id: string }) => job_id));
    query = next_cursor ? `limit=2&cursor=${next_cursor}` : "";
  }
  expect(found).toEqual(ids);
  expect([former, other].flatMap(({ lists }) => lists).every(({ held }) => held)).toBe(true);
});

test("what was found in time is listed, with the cursor of the rest and what is missing", async () => {
  await using worker = await startFakeWorker();
  const jobId = jobIdAt("gone:1", Bun.randomUUIDv7());
  const failure = new Fault("timeout", "not all could be read in time");
  await using service = await startTestControlPlane({
    workers: [worker.address],
    config: { readsRecords: true },
    deps: { recentRecords: async () => ({ jobs: [], next: jobId, failure }) },
  });
  const answer = await service.get("/jobs?status=failed");
  expect(answer.status).toBe(200);
  expect(await jsonOf(answer)).toEqual({
    ...{ jobs: [], next_cursor: jobId },
    incomplete: [{ part: "records", reason: "not all could be read in time" }],
  });
});

test.each([true, false])(
  "a list is filtered, whether a worker knows the filters or not (a former one: %p)",
  async (former) => {
    const records = new Map();
    await using worker = await startFakeWorker({ records, former });
    const day = Date.UTC(2026, 0, 31);
    const idOf = (ms: number, n: number) => {
      const time = ms.toString(16).padStart(12, "0");
      return `aaaaaaaa-${time.slice(0, 8)}-${time.slice(8)}-7000-8000-00000000000${n}`;
    };
    const known = [
      { jobId: idOf(day, 1), preset: "tiny", inputUrl: "https://example.com/a/Ferry.mp4" },
      { jobId: idOf(day + 1_000, 2), preset: "tiny", inputUrl: "https://example.com/ferry/train.mp4" },
      { jobId: idOf(day + 2_000, 3), preset: "big", inputUrl: "https://example.com/ferries.mp4" },
    ];
    for (const order of known) {
      const { jobId } = order;
      const event = {
        jobId,
        sequence: 1,
        status: "completed" as const,
        attempt: 1,
        timestamp: new Date(day).toISOString(),
      };
      records.set(jobId, { event, request: create(JobRequestSchema, order) });
    }
    await using service = await startTestControlPlane({ workers: [worker.address] });
    await service.get("/workers/status");
    const found = async (query: string) => {
      const { jobs } = await jsonOf(await service.get(`/jobs?${query}`));
      return jobs.map(({ job_id }: { job_id: string }) => known.findIndex(({ jobId }) => jobId === job_id) + 1);
    };
    expect(await found("preset=tiny")).toEqual([2, 1]);
    expect(await found("source=ferr")).toEqual([3, 1]);
    expect(await found("source=FERRY&preset=tiny")).toEqual([1]);
    expect(await found("since=2026-01-31T00:00:01Z")).toEqual([3, 2]);
    expect(await found("since=2026-01-31&until=2026-01-31T01:00:01%2B01:00")).toEqual([1]);
    expect(await found("preset=tiny&status=failed")).toEqual([]);
    expect(worker.lists.at(0)).toMatchObject({ preset: "tiny", sinceMs: 0n, source: "" });
    expect(worker.lists.at(4)).toMatchObject({ sinceMs: BigInt(day), untilMs: BigInt(day + 1_000) });
  },
);
