import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { jobIdAt } from "#shared/job/id.ts";
import { formatRecord } from "#shared/job/record.ts";
import type { JobStatus } from "#shared/job/status.ts";
import type { JobQuery } from "#shared/outcomes/query.ts";
import { makeRecords, recordsProblem } from "#shared/records.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { watchedStorage } from "#shared/storage/watched.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";

const noon = Date.UTC(2026, 5, 15, 12);
const day = "2026-06-15";
const signal = AbortSignal.timeout(180_000);
const log = { warn() {}, info() {} };

const stack = new AsyncDisposableStack();
let s3: S3Server;
let front: Awaited<ReturnType<typeof startS3Front>>;
/** Its requests are counted. */
let storage: Storage;
beforeAll(async () => {
  s3 = stack.use(await startS3Server());
  front = stack.use(await startS3Front(s3.options.endpoint ?? ""));
  storage = s3Storage({ ...s3.options, endpoint: front.url });
});
afterAll(() => stack.disposeAsync());

let made = 0;
function idAt(ms: number) {
  made += 1;
  const time = ms.toString(16).padStart(12, "0");
  return jobIdAt("worker:1", `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, "0")}`);
}

const job = (jobId: string, status: JobStatus, order: object = {}) => ({
  order: anOrder({ jobId, preset: "720p_h264", ...order }),
  event: { jobId, sequence: 1, status, attempt: 1, timestamp: new Date(noon).toISOString() },
});
const recordsIn = (prefix: string, given = storage) =>
  makeRecords({ storage: given, prefix, now: () => noon, listWithinMs: 60_000 });
/** As a version did that knows no markers. */
async function formerRecord(prefix: string, { order, event }: ReturnType<typeof job>) {
  const key = `${prefix}/${day}/${order.jobId}.json`;
  await storage.write(key, formatRecord(order, event), headersFor(key), signal);
}
const idsOf = ({ jobs }: { jobs: { event: { jobId: string } }[] }) => jobs.map(({ event }) => event.jobId);
async function countingRequests<T>(work: () => Promise<T>) {
  const before = front.requests.length;
  const result = await work();
  const asked = front.requests.slice(before);
  const lists = asked.filter((request) => request.includes("list-type=2")).length;
  return { result, lists, reads: asked.length - lists };
}
const inBatches = async (jobs: ReturnType<typeof job>[], work: (one: ReturnType<typeof job>) => Promise<void>) => {
  for (let from = 0; from < jobs.length; from += 40) await Promise.all(jobs.slice(from, from + 40).map(work));
};

describe("over a day of 1,500 jobs, one in a hundred of which failed,", () => {
  const prefix = "many";
  const jobs = Array.from({ length: 1_500 }, (_, index) =>
    job(idAt(noon - index * 1_000), index % 100 === 7 ? "failed" : "completed", { tenant: `tenant-${index % 300}` }),
  );
  const idsThat = (is: (one: ReturnType<typeof job>) => boolean) => jobs.filter(is).map(({ order }) => order.jobId);
  const records = () => recordsIn(prefix);
  beforeAll(async () => {
    await inBatches(jobs, (one) => records().write(one, signal));
    expect(await records().sweep("a worker", signal)).toBe("swept");
  });
  /** As asked of a control plane that has answered before. */
  async function asked(query: JobQuery) {
    const reader = records();
    await reader.recent({ limit: 1 }, signal);
    return await countingRequests(() => reader.recent(query, signal));
  }

  test("a list by state takes one request, and a read for each job that it shows", async () => {
    const { result, lists, reads } = await asked({ limit: 10, status: "failed" });
    const failed = idsThat(({ event }) => event.status === "failed");
    expect(idsOf(result)).toEqual(failed.slice(0, 10));
    expect({ lists, reads }).toEqual({ lists: 1, reads: 10 });
    const rest = await asked({ limit: 10, status: "failed", before: result.next });
    expect(idsOf(rest.result)).toEqual(failed.slice(10));
    expect(rest.result.next).toBeUndefined();
    expect(rest).toMatchObject({ lists: 1, reads: 5 });
  });

  test("a page of the newest takes two requests, and a read for each job that it shows", async () => {
    const { result, lists, reads } = await asked({ limit: 20 });
    expect(idsOf(result)).toEqual(idsThat(() => true).slice(0, 20));
    expect({ lists, reads }).toEqual({ lists: 2, reads: 20 });
    const next = await asked({ limit: 20, before: result.next });
    expect(idsOf(next.result)).toEqual(idsThat(() => true).slice(20, 40));
    expect(next).toMatchObject({ lists: 2, reads: 20 });
  });

  test("the first list of a process asks once more whether all records have markers", async () => {
    const reader = records();
    const { lists, reads } = await countingRequests(() => reader.recent({ limit: 2 }, signal));
    expect({ lists, reads }).toEqual({ lists: 2, reads: 3 });
  });

  test("a tenant's jobs are found by their keys alone", async () => {
    const { result, lists, reads } = await asked({ limit: 3, tenant: "tenant-299" });
    expect(idsOf(result)).toEqual(idsThat(({ order }) => order.tenant === "tenant-299").slice(0, 3));
    expect(reads).toBe(3);
    expect(lists).toBeLessThanOrEqual(3);
  });

  test("a search by source looks through a thousand records a page, and goes on by the cursor", async () => {
    const oldest = jobs.at(-1)?.order.jobId ?? "";
    const { result, reads } = await asked({ limit: 5, source: "no such file" });
    expect(result.jobs).toEqual([]);
    expect(reads).toBeLessThanOrEqual(1_024);
    expect(result.next).toBeDefined();
    const rest = await asked({ limit: 5, source: "no such file", before: result.next });
    expect(rest.result).toEqual({ jobs: [], next: undefined, failure: undefined });
    expect(reads + rest.reads).toBeGreaterThanOrEqual(1_500);
    const all = await asked({ limit: 1, source: ".mp4", before: jobs.at(-2)?.order.jobId });
    expect(idsOf(all.result)).toEqual([oldest]);
  });

  test("older jobs than those of 31 days are found by their time", async () => {
    const prefix = "old";
    const records = recordsIn(prefix);
    const [old, recent] = [idAt(noon - 100 * 86_400_000), idAt(noon)];
    for (const jobId of [old, recent]) await records.write(job(jobId, "completed"), signal);
    expect(await records.sweep("a worker", signal)).toBe("swept");
    expect(idsOf(await records.recent({ limit: 9 }, signal))).toEqual([recent]);
    expect(idsOf(await records.recent({ limit: 9, since: noon - 200 * 86_400_000 }, signal))).toEqual([recent, old]);
    const then = { since: noon - 101 * 86_400_000, until: noon - 99 * 86_400_000 };
    expect(idsOf(await records.recent({ limit: 9, ...then }, signal))).toEqual([old]);
  });

  test("none is running", async () => {
    const { result, lists, reads } = await asked({ limit: 20, status: "processing" });
    expect(result).toEqual({ jobs: [], next: undefined, failure: undefined });
    expect({ lists, reads }).toEqual({ lists: 1, reads: 0 });
  });

  test("pages of one millisecond lose none", async () => {
    const prefix = "same-time";
    const together = recordsIn(prefix);
    const ids = Array.from({ length: 40 }, () => idAt(noon));
    await Promise.all(ids.map((jobId) => together.write(job(jobId, "failed"), signal)));
    expect(await together.sweep("a worker", signal)).toBe("swept");
    const found: string[] = [];
    for (let before: string | undefined, page = 0; page < 9; page++) {
      const { jobs, next } = await together.recent({ limit: 7, status: "failed", before }, signal);
      found.push(...jobs.map(({ event }) => event.jobId));
      before = next;
      if (!next) break;
    }
    expect(found.length).toBe(40);
    expect(new Set(found)).toEqual(new Set(ids));
  });
});

describe("markers", () => {
  test("are there before the record of an end, and the one of a running job goes", async () => {
    const prefix = "moves";
    const written: string[] = [];
    const watching: Storage = {
      ...storage,
      write: async (key, ...rest) => {
        written.push(key.replace(/^moves\//, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/, "ID"));
        await storage.write(key, ...rest);
      },
    };
    const records = recordsIn(prefix, watching);
    const jobId = idAt(noon);
    await records.write(job(jobId, "queued", { tenant: "a~b" }), signal);
    const name = `${9_999_999_999_999 - noon}-${jobId}~a%7Eb~720p_h264`;
    expect(await s3.keys(`${prefix}/outcomes/`)).toEqual([`${prefix}/outcomes/running/${name}`]);
    await records.write(job(jobId, "failed", { tenant: "a~b" }), signal);
    expect((await s3.keys(`${prefix}/outcomes/`)).sort()).toEqual([
      `${prefix}/outcomes/ended/${name}`,
      `${prefix}/outcomes/failed/${name}`,
    ]);
    expect(written.indexOf(`${day}/ID.json`)).toBeGreaterThan(0);
    expect(written.lastIndexOf(`${day}/ID.json`)).toBe(written.length - 1);
  });

  test("without the record of an end show nothing, and a job that runs is listed until then", async () => {
    const prefix = "early";
    const records = recordsIn(prefix);
    const [lost, running] = [idAt(noon), idAt(noon - 1)];
    await records.write(job(running, "processing"), signal);
    expect(await records.sweep("a worker", signal)).toBe("swept");
    for (const folder of ["ended", "failed"]) {
      for (const [index, jobId] of [lost, running].entries()) {
        const key = `${prefix}/outcomes/${folder}/${9_999_999_999_999 - noon + index}-${jobId}~~720p_h264`;
        await storage.write(key, "\n", headersFor(key), signal);
      }
    }
    expect(idsOf(await records.recent({ limit: 9 }, signal))).toEqual([running]);
    expect(idsOf(await records.recent({ limit: 9, status: "failed" }, signal))).toEqual([]);
    expect(idsOf(await records.recent({ limit: 9, status: "processing" }, signal))).toEqual([running]);
  });

  test("of former versions' records are added once a day by one of all workers", async () => {
    const prefix = "former";
    const [ended, running] = [job(idAt(noon), "cancelled"), job(idAt(noon - 1), "queued")];
    for (const one of [ended, running]) await formerRecord(prefix, one);
    const records = recordsIn(prefix);
    const listed = async (status?: JobStatus) => idsOf(await records.recent({ limit: 9, status }, signal));
    // Until then they are found in the folders of days.
    expect(await listed()).toEqual([ended, running].map(({ order }) => order.jobId));
    const swept = await Promise.all(["a", "b", "c"].map((by) => records.sweep(by, signal)));
    expect(swept.sort()).toEqual(["done", "done", "swept"]);
    expect(await s3.keys(`${prefix}/outcomes/swept/`)).toEqual([`${prefix}/outcomes/swept/${day}`]);
    expect(await listed()).toEqual([ended, running].map(({ order }) => order.jobId));
    expect(await listed("cancelled")).toEqual([ended.order.jobId]);
    // A former worker ends a job, and takes another one.
    const later = job(idAt(noon - 2), "completed");
    await formerRecord(prefix, { ...running, event: { ...running.event, status: "failed" } });
    await formerRecord(prefix, later);
    const tomorrow = makeRecords({ storage, prefix, now: () => noon + 86_400_000 });
    expect(await tomorrow.sweep("b", signal)).toBe("swept");
    expect(await listed("failed")).toEqual([running.order.jobId]);
    expect(await listed("completed")).toEqual([later.order.jobId]);
    expect(await s3.keys(`${prefix}/outcomes/running/`)).toEqual([]);
  });
});

test("where there is no record yet, nothing is written", async () => {
  expect(await recordsIn("empty").sweep("a worker", signal)).toBe("empty");
  expect(await s3.keys("empty/")).toEqual([]);
});

describe("a storage that fails while it is read", () => {
  const written = async (prefix: string, count: number) => {
    const jobs = Array.from({ length: count }, (_, index) => job(idAt(noon - index), "completed"));
    for (const one of jobs) await formerRecord(prefix, one);
    return jobs.map(({ order }) => order.jobId);
  };

  test("does not take away what was found: the rest follows by the cursor", async () => {
    const prefix = "slow";
    const ids = await written(prefix, 100);
    const stuck = Promise.withResolvers<void>();
    let left = 64;
    const read: Storage["read"] = async (key, stop) => {
      if (key.endsWith(".json") && left-- <= 0) {
        stop.addEventListener("abort", () => stuck.reject(stop.reason));
        await stuck.promise;
      }
      return await storage.read(key, stop);
    };
    const slow = makeRecords({ storage: { ...storage, read }, prefix, now: () => noon, listWithinMs: 3_000 });
    const { jobs, next, failure } = await slow.recent({ limit: 200 }, signal);
    expect(failure).toMatchObject({ kind: "timeout" });
    const rest = await recordsIn(prefix).recent({ limit: 200, before: next }, signal);
    expect([...jobs, ...rest.jobs].map(({ event }) => event.jobId)).toEqual(ids);
    expect(jobs.length).toBe(64);
  });

  test("says what is wrong with it", async () => {
    const prefix = "gone";
    const ids = await written(prefix, 100);
    let left = 64;
    const refused = s3Storage({ ...s3.options, bucket: "elsewhere" });
    const read: Storage["read"] = (key, stop) =>
      (key.endsWith(".json") && left-- <= 0 ? refused : storage).read(key, stop);
    const watched = watchedStorage({ ...storage, read }, { setting: "RECORD_STORAGE", log });
    const records = makeRecords({ storage: watched.storage, prefix, now: () => noon, listWithinMs: 60_000 });
    const { jobs, next, failure } = await records.recent({ limit: 200 }, signal);
    expect(jobs.map(({ event }) => event.jobId)).toEqual(ids.slice(0, 64));
    expect(next).toBe(ids[63]);
    expect(recordsProblem(failure)).toContain("the bucket does not exist");
    const away = makeRecords({ storage: refused, prefix });
    expect(await rejection(away.recent({ limit: 9 }, signal))).toMatchObject({ kind: "delivery_failed" });
  });
});
