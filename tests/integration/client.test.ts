import { expect, test } from "bun:test";
import { ApiFault, connect, type JobEvent } from "#client/client.ts";
import { anOrder, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";

/** A fetch whose streams break off after their first event, as often as told. */
function breakingFetch(times: number) {
  const lastIds: (string | null)[] = [];
  const fetchIt = async (url: string, init: RequestInit) => {
    const answer = await fetch(url, init);
    if (!url.endsWith("/stream")) return answer;
    lastIds.push(new Headers(init.headers).get("last-event-id"));
    return lastIds.length > times ? answer : new Response(untilFirstEvent(answer), answer);
  };
  return { fetch: fetchIt, lastIds };
}

const untilFirstEvent = ({ body }: Response) =>
  body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const text = new TextDecoder().decode(chunk);
        const event = /^.*?data:.*?\n\n/s.exec(text)?.[0];
        controller.enqueue(new TextEncoder().encode(event ?? text));
        if (event) controller.error(new Error("the connection broke"));
      },
    }),
  );

test("watching goes on where a lost stream broke, and misses nothing", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const { fetch, lastIds } = breakingFetch(2);
  const client = connect({ server: service.url, fetch });
  const { job_id } = await client.submit(anOrder);
  worker.tell(job_id, { status: "processing", progress: 10 });
  worker.tell(job_id, { status: "processing", progress: 50 });
  worker.tell(job_id, { status: "completed", outputUrl: "file:///out.mp4" });

  const events: JobEvent[] = await Array.fromAsync(client.watch(job_id));
  expect(events.map(({ sequence }) => sequence)).toEqual([...new Set(events.map(({ sequence }) => sequence))]);
  expect(events.map(({ status, progress }) => [status, progress])).toEqual([
    ["queued", undefined],
    ["processing", 10],
    ["processing", 50],
    ["completed", undefined],
  ]);
  expect(lastIds.length).toBeGreaterThan(2);
});

test("a stream may be silent for longer than one may stay lost", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  let streams = 0;
  const client = connect({
    server: service.url,
    async fetch(url, init) {
      const answer = await fetch(url, init);
      streams += url.endsWith("/stream") ? 1 : 0;
      return streams === 1 && url.endsWith("/stream") ? new Response(silentFor(1_000), answer) : answer;
    },
  });
  const { job_id } = await client.submit(anOrder);
  worker.tell(job_id, { status: "completed", outputUrl: "file:///out.mp4" });
  const events = await Array.fromAsync(client.watch(job_id, { patienceMs: 800 }));
  expect(events.map(({ status }) => status)).toEqual(["queued", "completed"]);
  expect(streams).toBe(2);
});

/** A stream that breaks off after a time without an event. */
const silentFor = (ms: number) =>
  new ReadableStream({
    start(controller) {
      setTimeout(() => controller.error(new Error("the connection broke")), ms);
    },
  });

test("who has seen the end of a job is not kept waiting", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const client = connect({ server: service.url });
  const { job_id } = await client.submit(anOrder);
  worker.tell(job_id, { status: "completed", outputUrl: "file:///out.mp4" });
  const events = await Array.fromAsync(client.watch(job_id));
  const after = events.at(-1)?.sequence ?? 0;
  expect(await Array.fromAsync(client.watch(job_id, { after }))).toEqual([]);
});

test("a refusal is thrown with its kind and its fields", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const client = connect({ server: service.url });
  const refused = await client.submit({ input_url: "gopher://x", preset: "" }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiFault);
  expect(refused).toMatchObject({
    kind: "invalid",
    status: 400,
    fields: [{ field: "input_url" }, { field: "preset" }],
  });
  expect(await rejection(client.job("nobody"))).toMatchObject({ kind: "not_found", status: 404 });
  expect(await rejection(Array.fromAsync(client.watch("nobody")))).toMatchObject({ kind: "not_found" });
});

test("a wrong key is told apart from a service that is away", async () => {
  await using service = await startTestControlPlane({
    workers: ["127.0.0.1:9"],
    settings: { API_KEY: "a-key-of-16-characters" },
  });
  const wrong = connect({ server: service.url, apiKey: "another-key-of-16-characters" });
  expect(await rejection(wrong.jobs())).toMatchObject({ kind: "unauthenticated", status: 401 });
  const away = connect({ server: "http://127.0.0.1:1" });
  expect(await rejection(away.jobs())).toMatchObject({ kind: "unreachable", status: 0 });
  expect(await rejection(Array.fromAsync(away.watch("a", { patienceMs: 0 })))).toMatchObject({ kind: "unreachable" });
});

test("leaving ends a watch at once", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const client = connect({ server: service.url });
  const { job_id } = await client.submit(anOrder);
  const leaving = new AbortController();
  const watched = (async () => {
    for await (const _ of client.watch(job_id, { signal: leaving.signal })) leaving.abort(new Error("enough"));
  })();
  expect(await outcome(watched)).toThrow("enough");
});

test("an order and a retry carry the key that makes them one", async () => {
  const keys: (string | null)[] = [];
  const heard = async (_: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get("idempotency-key"));
    return Response.json({ job_id: "1", status: "queued", stream_url: "/" }, { status: 202 });
  };
  const client = connect({ server: "http://127.0.0.1:9", fetch: heard });
  await client.submit(anOrder, { idempotencyKey: 'a "key"' });
  await client.retry("1", { callback_url: "https://example.com/hook" }, { idempotencyKey: "again" });
  await client.submit(anOrder);
  expect(keys).toEqual(['"a \\"key\\""', '"again"', null]);
});
