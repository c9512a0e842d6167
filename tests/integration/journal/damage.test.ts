import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { orderToJson } from "#shared/job/order.ts";
import { leftIn } from "#tests/support/processes.ts";
import { eventually, ffprobe } from "#tests/support/service.ts";
import { setAsideFolder } from "#worker/journal/journal.ts";
import { encoded, eventOf, type Left, leftJobs } from "./rig.ts";

let left: Awaited<ReturnType<typeof leftJobs>>;
beforeEach(async () => {
  left = await leftJobs();
});
afterEach(() => left[Symbol.asyncDispose]());

/** What becomes of a job that a worker finds: its record, after its webhook has come and its folder is gone. */
async function endOf({ order, journal }: Left) {
  await using _worker = await left.startWorker();
  await left.receiver.until(1);
  await eventually(async () => !(await readdir(left.own)).includes(journal.jobId), "its folder is gone");
  const record = await left.recordOf(order);
  expect(left.receiver.received.map(({ event }) => event)).toEqual([
    expect.objectContaining({ status: record?.status }),
  ]);
  return record;
}

const damages = {
  torn: '{"attempt":1,"cra',
  empty: "",
  "of a later version": '{"attempt":{"of":"another shape"},"puts":"elsewhere","status":"archived"}',
  zeros: "\0".repeat(300),
};

test.each(
  Object.entries(damages).flatMap(([how, text]) =>
    ["attempt.json", "end.json", "publishing.json", "usage.json"].map((name) => ({ how, text, name })),
  ),
)("a job with a whole order completes although its $name is $how", async ({ name, text }) => {
  const one = await left.accepted();
  await one.damage(name, text);
  expect(await endOf(one)).toMatchObject({ status: "completed", attempt: 2 });
  const { duration } = await ffprobe(join(left.out, "a.mp4"));
  expect(Math.abs(duration - 1)).toBeLessThan(0.3);
  expect(await leftIn(left.own)).toEqual([]);
});

test("a damaged attempt counts one crash more, and the numbers of events do not go back", async () => {
  const one = await left.accepted();
  await left.record(one.order, { ...eventOf(one.order, "processing"), attempt: 4, sequence: 3_000_007 });
  await one.damage("attempt.json", "{");
  expect(await endOf(one)).toMatchObject({ status: "completed", attempt: 5 });
});

test("a committed job whose output is shown completes without another encode", async () => {
  const one = await left.accepted();
  await encoded(one, "a.mp4", "film");
  await one.damage("publishing.json", "{");
  await mkdir(left.out, { recursive: true });
  await writeFile(join(left.out, "a.mp4"), "film");
  expect(await endOf(one)).toMatchObject({ status: "completed", bytesUploaded: 4, filesUploaded: 1 });
  expect(await readFile(join(left.out, "a.mp4"), "utf8")).toBe("film");
});

test("a committed job whose output is not shown, or another, is encoded again", async () => {
  const one = await left.accepted();
  await encoded(one, "a.mp4", "film");
  await one.damage("publishing.json", "{");
  await mkdir(left.out, { recursive: true });
  await writeFile(join(left.out, "a.mp4"), "another film");
  expect(await endOf(one)).toMatchObject({ status: "completed", attempt: 2 });
  expect((await ffprobe(join(left.out, "a.mp4"))).duration).toBeGreaterThan(0.5);
});

const ended = async ({ order }: Left) => ({ ...eventOf(order, "completed"), outputUrl: "file:///a.mp4" });

test.each([
  ["torn", (text: string) => text.slice(0, -3)],
  ["cut off early", (text: string) => text.slice(0, 20)],
  ["of a later version", (text: string) => text.replace('"storage":"local"', '"storage":"tape"')],
  ["empty", () => ""],
])("a job whose order is %s gets its final record and webhook, and its folder is set aside", async (how, damaged) => {
  const one = await left.accepted({ callbackUrl: left.receiver.url.replace(/\?.*/, "") });
  await one.journal.attempt({ attempt: 2, crashes: 1 });
  await one.damage("order.json", damaged(JSON.stringify(orderToJson(one.order))));
  expect(await endOf(one)).toMatchObject({ status: "failed", attempt: 3, error: { kind: "worker_lost" } });
  const [aside = ""] = await readdir(join(left.own, setAsideFolder));
  expect(aside).toStartWith(one.journal.jobId);
  expect((await readdir(join(left.own, setAsideFolder, aside))).toSorted()).toEqual([
    "attempt.json",
    "end.json",
    "order.json",
  ]);
  expect(how).toBeString();
  // Nothing takes it up again.
  const again = await left.startWorker();
  await again.drain(0);
  expect(await again.stopped).toBe(false);
  expect(left.receiver.all).toBe(1);
});

test("the whole URL of the receiver is taken from what is left of the order", async () => {
  const one = await left.accepted();
  await one.damage("order.json", JSON.stringify(orderToJson(one.order)).slice(0, -1));
  await endOf(one);
  expect(left.receiver.received[0]?.path).toContain("token=of-the-receiver");
});

test("a job whose order is missing beside the rest of its journal is as lost", async () => {
  const one = await left.accepted({ callbackUrl: left.receiver.url.replace(/\?.*/, "") });
  await one.journal.attempt({ attempt: 1, crashes: 0 });
  await rm(join(one.journal.folder, "order.json"));
  expect(await endOf(one)).toMatchObject({ status: "failed", error: { kind: "worker_lost" } });
});

test("a job that had ended keeps its end although its order is damaged", async () => {
  const one = await left.accepted();
  await one.journal.end(await ended(one));
  await one.damage("order.json", JSON.stringify(orderToJson(one.order)).slice(0, -2));
  expect(await endOf(one)).toMatchObject({ status: "completed", sequence: 1, attempt: 1 });
});
