import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobIdAt } from "#shared/job/id.ts";
import type { JobStatus } from "#shared/job/status.ts";
import { completeKey } from "#shared/outcomes/recent.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { anOrder } from "#tests/support/orders.ts";
import { rejection } from "#tests/support/outcome.ts";

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 5, 15, 12);
const signal = AbortSignal.timeout(60_000);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "records-"));
});
afterEach(() => rm(root, { recursive: true }));

const recordsAt = (now = noon) =>
  makeRecords({ storage: localStorage({ root }), prefix: ".flux/jobs", now: () => now });

let made = 0;
function idAt(ms: number, worker = "worker:50051") {
  made += 1;
  const time = ms.toString(16).padStart(12, "0");
  const last = made.toString(16).padStart(12, "0");
  return jobIdAt(worker, `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${last}`);
}

const job = (jobId: string, status: JobStatus = "completed") => ({
  order: anOrder({ jobId, preset: "720p_h264" }),
  event: { jobId, sequence: 1, status, attempt: 1, timestamp: new Date(noon).toISOString() },
});

const idsOf = ({ jobs }: { jobs: { event: { jobId: string } }[] }) => jobs.map(({ event }) => event.jobId);

test("keeps a record in the folder of the day that its id tells, and the log beside it", async () => {
  const records = recordsAt();
  const jobId = idAt(noon - 3 * dayMs);
  await writeFile(join(root, "ffmpeg.log"), "what ffmpeg said");
  await records.write(job(jobId, "queued"), signal);
  await records.write(job(jobId, "failed"), signal);
  await records.writeLog(jobId, join(root, "ffmpeg.log"), signal);
  const folder = join(root, ".flux/jobs/2026-06-12");
  expect((await readdir(folder)).sort()).toEqual([`${jobId}.json`, `${jobId}.log`]);
  expect(await readFile(join(folder, `${jobId}.log`), "utf8")).toBe("what ffmpeg said");
  expect(await records.read(jobId, signal)).toEqual({
    ...job(jobId, "failed"),
    sourceRedacted: false,
    callbackRedacted: false,
  });
});

test("keeps what was written last, however long an earlier write takes", async () => {
  const slow = Promise.withResolvers<void>();
  const storage = localStorage({ root });
  const write: typeof storage.write = async (key, text, headers, stop) => {
    if (text.includes('"queued"')) await slow.promise;
    await storage.write(key, text, headers, stop);
  };
  const records = makeRecords({ storage: { ...storage, write }, prefix: "jobs" });
  const jobId = idAt(noon);
  const writes = [records.write(job(jobId, "queued"), signal), records.write(job(jobId), signal)];
  slow.resolve();
  await Promise.all(writes);
  expect(await records.read(jobId, signal)).toMatchObject({ event: { status: "completed" } });
});

test("knows nothing of a job that was never recorded, and refuses an id that is none", async () => {
  const records = recordsAt();
  expect(await records.read(idAt(noon), signal)).toBeUndefined();
  expect(await rejection(records.read("../../secret", signal))).toMatchObject({ kind: "invalid" });
});

test("finds a job whose id does not tell its time on that day and the next", async () => {
  await recordsAt(noon).write(job("their-job"), signal);
  expect(await recordsAt(noon).read("their-job", signal)).toMatchObject(job("their-job"));
  expect(await recordsAt(noon + dayMs).read("their-job", signal)).toMatchObject(job("their-job"));
  expect(await recordsAt(noon + 2 * dayMs).read("their-job", signal)).toBeUndefined();
});

describe.each(["day by day", "by markers"])("recent jobs, found %s,", (way) => {
  beforeEach(async () => {
    const key = completeKey(".flux/jobs");
    if (way === "by markers") await localStorage({ root }).write(key, "\n", headersFor(key), signal);
  });
  const write = async (...jobs: ReturnType<typeof job>[]) => {
    for (const one of jobs) await recordsAt().write(one, signal);
  };

  test("come newest first across days and workers, tomorrow's too, and none older than 31 days", async () => {
    const ids = [dayMs / 2 + 1, 0, -1, -dayMs, -9 * dayMs, -29 * dayMs].map((ms, index) =>
      idAt(noon + ms, `worker-${index}:50051`),
    );
    await write(...ids.toReversed().map((id) => job(id)), job(idAt(noon - 40 * dayMs)));
    expect(idsOf(await recordsAt().recent({ limit: 50 }, signal))).toEqual(ids);
  });

  test("come page by page, none twice and none left out", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => idAt(noon - Math.floor(index / 10) * dayMs - index));
    await write(...ids.map((id) => job(id)));
    const paged: string[] = [];
    for (const size of [7, 7, 7, 4, 0]) {
      const before = paged.at(-1);
      const page = await recordsAt().recent({ limit: 7, ...(before && { before }) }, signal);
      expect(page.jobs).toHaveLength(size);
      paged.push(...idsOf(page));
    }
    expect(paged).toEqual(ids);
  });

  test("come page by page too when their ids do not tell their time", async () => {
    await recordsAt(noon - dayMs).write(job("old"), signal);
    await write(job("job-1"), job("job-2"), job(idAt(noon)));
    const first = idsOf(await recordsAt().recent({ limit: 2 }, signal));
    const before = first.at(-1) ?? "";
    const rest = idsOf(await recordsAt().recent({ limit: 9, before }, signal));
    expect(new Set([...first, ...rest]).size).toBe(4);
    expect([...first, ...rest]).toHaveLength(4);
    expect(rest.at(-1)).toBe("old");
  });

  test("can be those of one status", async () => {
    const [failed, completed] = [idAt(noon), idAt(noon)];
    await write(job(failed, "failed"), job(completed));
    expect(idsOf(await recordsAt().recent({ limit: 9, status: "failed" }, signal))).toEqual([failed]);
  });

  test("are no more than asked for", async () => {
    await write(...Array.from({ length: 12 }, () => job(idAt(noon))));
    expect((await recordsAt().recent({ limit: 3 }, signal)).jobs).toHaveLength(3);
  });

  test("can be those of a tenant, a preset, a time, and a name of a source", async () => {
    const url = (name: string) => ({ inputUrl: `https://example.com/holiday/${name}?token=holiday` });
    const made = [
      { at: 0, order: { tenant: "acme", ...url("Summer%20Holiday.mov") } },
      { at: -1_000, order: { tenant: "acme", preset: "1080p_h264", ...url("winter.mov") } },
      { at: -2_000, order: { tenant: "a~b", ...url("holidays.mov") } },
      { at: -3 * dayMs, order: url("spring.mov") },
    ].map(({ at, order }) => ({ jobId: idAt(noon + at), order }));
    const jobs = made.map(({ jobId, order }) => ({ ...job(jobId), order: { ...job(jobId).order, ...order } }));
    await write(...jobs);
    const found = async (query: object) => {
      const ids = idsOf(await recordsAt().recent({ limit: 9, ...query }, signal));
      return ids.map((id) => made.findIndex(({ jobId }) => jobId === id));
    };
    expect(await found({ tenant: "acme" })).toEqual([0, 1]);
    expect(await found({ tenant: "a~b" })).toEqual([2]);
    expect(await found({ tenant: "" })).toEqual([3]);
    expect(await found({ preset: "1080p_h264" })).toEqual([1]);
    expect(await found({ preset: "720p_h264", tenant: "acme" })).toEqual([0]);
    expect(await found({ since: noon - 1_000 })).toEqual([0, 1]);
    expect(await found({ until: noon })).toEqual([1, 2, 3]);
    expect(await found({ since: noon - 4 * dayMs, until: noon - 2_000 })).toEqual([3]);
    expect(await found({ source: "HOLIDAY" })).toEqual([0, 2]);
    expect(await found({ source: "summer holiday" })).toEqual([0]);
    expect(await found({ source: "holiday", tenant: "acme", status: "completed" })).toEqual([0]);
    expect(await found({ source: "holiday", status: "failed" })).toEqual([]);
  });

  test("leave out what cannot be read, and logs", async () => {
    const good = idAt(noon);
    await write(job(good));
    const storage = localStorage({ root });
    for (const name of [`${idAt(noon)}.json`, `${good}.log`, "notes.txt"]) {
      await storage.write(`.flux/jobs/2026-06-15/${name}`, "broken", headersFor(name), signal);
    }
    expect(idsOf(await recordsAt().recent({ limit: 9 }, signal))).toEqual([good]);
  });
});
