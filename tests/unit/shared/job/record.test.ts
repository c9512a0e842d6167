import { expect, test } from "bun:test";
import * as v from "valibot";
import { type Order, OrderFromJson, orderToJson, redactedOrder } from "#shared/job/order.ts";
import { formatRecord, parseRecord } from "#shared/job/record.ts";
import { allFacts } from "#tests/support/facts.ts";
import { anOrder } from "#tests/support/orders.ts";

const least = anOrder({ jobId: "0a1b2c3d-1", output: { storage: "s3" } });
const most: Order = {
  ...least,
  output: { ...least.output, metadata: { title: "東京" }, type: "hls", path: "a/", publish: "progressive" },
  callbackUrl: "https://u:p@example.com/hook?token=1#x",
  callbackEvents: ["processing"],
  timeoutMs: 1_000,
  idempotencyKey: "key",
  tenant: "acme",
  retryOf: "0a1b2c3d-0",
  workers: 4,
  params: { crf: 20, frame_rate: "<=30" },
  clip: { start: 1.5, end: 20 },
  overlay: [{ url: "https://example.com/logo.png", width: "12.5%", margin: 0, opacity: 0.5, start: 1, end: 2 }],
  subtitles: [
    { url: "https://example.com/a.srt", language: "de", forced: false },
    { track: 2, mode: "embed" },
  ],
  picture: { crop: { x: 0, y: 2, width: 100, height: 100 }, rotate: 0, background: "#1a2b3c" },
  thumbnails: { times: [12.5], sprite: { width: 160, every_seconds: 5, columns: 10, rows: 10 } },
};
const event = {
  jobId: least.jobId,
  sequence: 1,
  status: "queued" as const,
  attempt: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
};

const waited = { ...least, priority: "low", queueTry: 1, queueAddress: "a:1", queueAdmission: "b" } as const;

test.each([least, most, waited])("reads back the order that it wrote", (order) => {
  expect(v.parse(OrderFromJson, JSON.parse(JSON.stringify(orderToJson(order))))).toEqual(order);
});

test("refuses what is no order", () => {
  expect(() => v.parse(OrderFromJson, { ...orderToJson(least), output: { storage: "tape" } })).toThrow();
});

test("says that an order cannot be repeated whose overlay had a secret", () => {
  const redacted = (url: string) => parseRecord(formatRecord({ ...least, overlay: [{ url }] }, event));
  expect(redacted("https://example.com/a.png?sig=secret")).toMatchObject({
    sourceRedacted: true,
    order: { overlay: [{ url: "https://example.com/a.png" }] },
  });
  expect(redacted("https://example.com/a.png")?.sourceRedacted).toBe(false);
});

test("says that an order cannot be repeated whose subtitles had a secret", () => {
  const subtitles = (url: string) => [{ track: 2 }, { url, language: "de" }];
  const redacted = (url: string) => parseRecord(formatRecord({ ...least, subtitles: subtitles(url) }, event));
  expect(redacted("https://example.com/a.srt?sig=secret")).toMatchObject({
    sourceRedacted: true,
    order: { subtitles: subtitles("https://example.com/a.srt") },
  });
  expect(redacted("https://example.com/a.srt")?.sourceRedacted).toBe(false);
});

test("keeps neither the idempotency key nor the secrets of URLs", () => {
  const text = formatRecord({ ...most, inputUrl: "https://user:pass@example.com/a%20b.mp4?sig=secret#t=1" }, event);
  expect(text).not.toMatch(/user|pass|secret|token|idempotency/);
  const { idempotencyKey, ...rest } = most;
  expect(parseRecord(text)).toEqual({
    event,
    order: { ...rest, inputUrl: "https://example.com/a%20b.mp4", callbackUrl: "https://example.com/hook" },
    sourceRedacted: true,
    callbackRedacted: true,
  });
});

test("tells how many pieces and workers there were, and nothing of where they met", () => {
  const pieces = { done: 12, total: 12, workers: 3 };
  const text = formatRecord(least, { ...event, pieces: { ...pieces, board: "secret", open: [4] } });
  expect(text).not.toMatch(/secret|board|open/);
  expect(parseRecord(text)?.event.pieces).toEqual(pieces);
});

test("tells when a worker took a job from a waiting room, and which, and nothing else of the hand-over", () => {
  const acceptedAt = "2026-01-02T00:00:00.000Z";
  const handOver = { queueTry: 2, queueAddress: "worker:1", queueAdmission: "secret", acceptedAt };
  const text = formatRecord({ ...least, priority: "high", ...handOver }, { ...event, acceptedAt });
  expect(text).not.toMatch(/secret|queue_/);
  expect(parseRecord(text)).toMatchObject({ acceptedAt, worker: "worker:1", order: { ...least, priority: "high" } });
  expect(formatRecord(least, event)).not.toMatch(/accepted_at|worker/);
});

test("reads what a former version kept, whose receipts told less", () => {
  const receipt = { worker_seconds: 2, cpu_seconds: 1, bytes_in: 3, bytes_out: 4 };
  const { jobId, ...same } = event;
  const text = JSON.stringify({ event: { job_id: jobId, ...same, receipt }, order: orderToJson(least) });
  expect(parseRecord(text)?.event.receipt).toMatchObject({ workerSeconds: 2, bytesOut: 4, storageRequests: 0 });
});

test("keeps the facts of source and output in snake case, all the way down", () => {
  const text = formatRecord(least, { ...event, ...allFacts });
  expect(text).toMatch(/"frame_rate": 29.97[\s\S]*"peak_bit_rate": 2900000/);
  expect(text).not.toMatch(/frameRate|bitRate/);
  expect(parseRecord(text)?.event).toEqual({ ...event, ...allFacts });
});

test("reads a record whose facts nobody can read, without them", () => {
  const { outputs, ...json } = JSON.parse(formatRecord(least, { ...event, ...allFacts })).event;
  const quality = { metric: "taste", renditions: [] };
  const odd = { ...json, outputs: { ...outputs, renditions: [{ path: "a", kind: "hologram", bytes: -1 }] }, quality };
  const text = JSON.stringify({ event: odd, order: orderToJson(least) });
  expect(parseRecord(text)?.event).toEqual({ ...event, source: allFacts.source, sources: allFacts.sources });
});

test.each(["https://example.com", "http://example.com/a b.mp4", "HTTPS://EXAMPLE.com/ü.mp4"])(
  "leaves %s as it was given",
  (inputUrl) => {
    expect(redactedOrder({ ...least, inputUrl }).inputUrl).toBe(inputUrl);
    expect(parseRecord(formatRecord({ ...least, inputUrl }, event))?.sourceRedacted).toBe(false);
  },
);

test("keeps no secret of sources that are joined, and says that the order cannot be repeated as it is", () => {
  const inputs = ["https://example.com/a.mp4", "https://u:p@example.com/b.mp4?token=t", `upload:${"0".repeat(32)}`];
  const joined = { ...least, inputUrl: "", inputs: inputs.map((url) => ({ url, clip: { start: 1, end: 2 } })) };
  const text = formatRecord(joined, event);
  expect(text).not.toMatch(/token|u:p/);
  const { order, sourceRedacted } = parseRecord(text) ?? {};
  expect(order?.inputs?.[1]).toEqual({ url: "https://example.com/b.mp4", clip: { start: 1, end: 2 } });
  expect([order?.inputUrl, order?.inputs?.[2]?.url, sourceRedacted]).toEqual(["", inputs[2], true]);
  const open = { ...joined, inputs: joined.inputs.filter((_, at) => at !== 1) };
  expect(parseRecord(formatRecord(open, event))?.sourceRedacted).toBe(false);
});

test("keeps nothing of a source that is no URL", () => {
  const record = parseRecord(formatRecord({ ...least, inputUrl: "//user:pass@host/a" }, event));
  expect(record).toMatchObject({ order: { inputUrl: "" }, sourceRedacted: true });
});

test.each(["", "{}", "not json", '{"event":1,"order":2}'])("finds no record in %j", (text) => {
  expect(parseRecord(text)).toBeUndefined();
});
