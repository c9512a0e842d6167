import { expect, test } from "bun:test";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import type { Handlers } from "#shared/rpc/method.ts";
import { serveRpc } from "#shared/rpc/server.ts";
import { openTrace } from "#shared/tracing/open-trace.ts";
import { parseTraceparent, traceIdOf, traceparent, within } from "#shared/tracing/traceparent.ts";
import { failed, otlpReceiver } from "#tests/support/otlp-receiver.ts";
import { rejection } from "#tests/support/outcome.ts";

const silent = makeLog("test", { level: "silent" });
const open = (endpoint: string, more = {}) =>
  openTrace({ endpoint, headers: {}, serviceName: "test", ratio: 1, ...more }, silent);

test("spans come with the header fields and the name that are set, each below the one it was begun in", async () => {
  await using receiver = otlpReceiver();
  const trace = await open(`${receiver.url}/`, { headers: { authorization: "Bearer of-the-receiver" } });
  await trace.span("outer", {}, () => trace.span("inner", { attributes: { n: 1 } }, () => Bun.sleep(1)));
  await trace.close();
  const [outer] = receiver.named("outer");
  expect(receiver.named("inner")).toMatchObject([
    { parentSpanId: outer?.spanId, traceId: outer?.traceId, service: "test", attributes: { n: 1 } },
  ]);
  expect(receiver.requests.map(({ path, headers }) => [path, headers.get("authorization")])).toEqual([
    ["/v1/traces", "Bearer of-the-receiver"],
  ]);
});

test("what work throws is thrown on; of what is no Fault only the name is told", async () => {
  await using receiver = otlpReceiver();
  const trace = await open(receiver.url);
  const thrown = new TypeError("https://user:secret@example.com/?signature=secret");
  const fault = new Fault("busy", "no room", { cause: thrown });
  for (const error of [thrown, fault]) {
    const work = trace.span("work", {}, () => Promise.reject(error));
    expect(await rejection(work)).toBe(error);
  }
  await trace.close();
  expect(receiver.spans).toMatchObject([
    { status: { code: failed }, attributes: { "error.type": "TypeError" } },
    { status: { code: failed, message: "no room" }, attributes: { "error.type": "busy" } },
  ]);
  expect(receiver.requests.map(({ text }) => text).join()).not.toContain("secret");
});

test("of the traces that begin here a part is kept; those that a caller wants are kept all", async () => {
  await using receiver = otlpReceiver();
  const trace = await open(receiver.url, { ratio: 0 });
  const own = await trace.span("own", {}, () => traceparent());
  const wanted = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`;
  await trace.span("wanted", { parent: wanted }, () => {});
  await trace.close();
  expect(own).toMatch(/-00$/);
  expect(parseTraceparent(own)).toBe(own);
  expect(receiver.spans).toMatchObject([{ name: "wanted", traceId: traceIdOf(wanted) }]);
});

test("closing does not wait for a receiver that never answers", async () => {
  const asked = Promise.withResolvers<void>();
  await using _silent = Bun.serve({
    port: 0,
    fetch() {
      asked.resolve();
      return new Promise<Response>(() => {});
    },
  }) as unknown as AsyncDisposable & { url: URL };
  const trace = await open(_silent.url.origin);
  await trace.span("lost", {}, () => {});
  await Promise.all([asked.promise, trace.close()]);
});

test("a call carries the span that its caller works in, and nothing else is taken for one", async () => {
  const seen: unknown[] = [];
  const handlers = {
    async getStatus() {
      seen.push(traceparent());
      return {};
    },
    async *watchJob() {
      await new Promise<void>((resolve) => setImmediate(resolve));
      seen.push(traceparent());
      yield {};
    },
  } as unknown as Handlers<typeof WorkerService.method>;
  const server = await serveRpc(WorkerService, handlers, { host: "127.0.0.1", port: 0, onFailure: () => {} });
  const { calls, close } = rpcClient(WorkerService, `127.0.0.1:${server.port}`);
  const parent = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`;

  await within(parent, () => calls.getStatus({}));
  await within(parent, () => Array.fromAsync(calls.watchJob({})));
  await within("not a traceparent", () => calls.getStatus({}));
  await calls.getStatus({});
  expect(seen).toEqual([parent, parent, undefined, undefined]);
  close();
  await server.stop(0);
});
