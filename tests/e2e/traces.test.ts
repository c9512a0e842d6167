import { afterAll, beforeAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import type { EventJson } from "#shared/job/event.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { failed, otlpReceiver, type ReceivedSpan, spanKind } from "#tests/support/otlp-receiver.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const secret = newSecret();
const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;
let shared: Awaited<ReturnType<typeof traced>>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 2 }) }));
  shared = await traced(stack);
});
afterAll(() => stack.disposeAsync());

const startTracedWorker = (port: number, endpoint: string) =>
  startWorker({ port, home, WEBHOOK_SECRETS: secret, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });

/** A control plane and a worker that send their traces to a receiver. */
async function traced(stack: AsyncDisposableStack) {
  const receiver = stack.use(otlpReceiver());
  const port = await freePort();
  const OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  const controlplane = stack.use(await startControlplane([port], { OTEL_EXPORTER_OTLP_ENDPOINT }));
  const worker = stack.use(await startTracedWorker(port, receiver.url));
  return { receiver, port, controlplane, worker, api: client(controlplane.url) };
}

const order = (more = {}) => ({ input_url: sources.url("clip.mp4"), preset: "tiny", ...more });
const aTraceparent = (flags = "01") =>
  `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-${flags}`;
const traceIdIn = (traceparent: string) => traceparent.split("-")[1];
const spanIdIn = (traceparent: string) => traceparent.split("-")[2];

/** Each span as `service name < parent's name`. */
const tree = (spans: readonly ReceivedSpan[], root = "") => {
  const nameOf = (id: string) => (id === root ? "the client" : spans.find(({ spanId }) => spanId === id)?.name);
  return spans.map(({ service, name, parentSpanId }) => `${service}: ${name} < ${nameOf(parentSpanId)}`).toSorted();
};

const isJob = ({ name }: ReceivedSpan) => name === "job";
const isRequest = ({ kind }: ReceivedSpan) => kind === spanKind.server;
const saidIn = (traceId: unknown, { said }: { said: string[] }) =>
  said.filter((line) => line.includes(`"trace_id":"${traceId}"`));

test("one trace leads from the client's span through both processes to the webhook", async () => {
  const { receiver, port, controlplane, worker, api } = shared;
  await using hook = webhookReceiver({ secret });
  const traceparent = aTraceparent();
  const trace_id = traceIdIn(traceparent);

  const { job_id } = (await api.post(order({ callback_url: hook.url }), { traceparent })).body;
  const [webhook] = await hook.until(1);
  await receiver.trace(trace_id, isRequest);
  const spans = await receiver.trace(trace_id, isJob);

  expect(tree(spans, spanIdIn(traceparent))).toEqual([
    "flux-controlplane: POST /api/v1/jobs < the client",
    "flux-controlplane: dispatch < POST /api/v1/jobs",
    "flux-controlplane: worker.v1.WorkerService/SubmitJob < dispatch",
    "flux-worker: POST < notify",
    "flux-worker: commit < job",
    "flux-worker: encode < job",
    "flux-worker: job < worker.v1.WorkerService/SubmitJob",
    "flux-worker: notify < job",
    "flux-worker: plan < job",
    "flux-worker: probe < job",
    "flux-worker: publish < job",
    "flux-worker: record < job",
    "flux-worker: source < job",
    "flux-worker: stage < job",
    "flux-worker: verify < job",
  ]);
  const of = (name: string) => spans.find((span) => span.name === name);
  expect(of("POST /api/v1/jobs")).toMatchObject({
    kind: spanKind.server,
    attributes: {
      "http.request.method": "POST",
      "http.route": "/api/v1/jobs",
      "url.path": "/api/v1/jobs",
      "http.response.status_code": 202,
      "flux.job.id": String(job_id),
    },
  });
  expect(of("worker.v1.WorkerService/SubmitJob")).toMatchObject({
    kind: spanKind.client,
    attributes: { "rpc.system.name": "grpc", "server.address": "127.0.0.1", "server.port": port },
  });
  expect(of("job")).toMatchObject({
    kind: spanKind.consumer,
    attributes: { "flux.job.id": String(job_id), "flux.job.attempt": 1, "flux.job.status": "completed" },
  });
  expect(webhook?.headers.get("traceparent")).toBe(`00-${trace_id}-${of("POST")?.spanId}-01`);

  expect(webhook?.event).toMatchObject({ trace_id });
  expect((await api.job(job_id)).body).toMatchObject({ trace_id });
  for (const event of await api.events(job_id)) expect(event).toMatchObject({ trace_id });
  expect(saidIn(trace_id, controlplane).some((line) => line.includes(`"msg":"request"`))).toBe(true);
  expect(saidIn(trace_id, worker).some((line) => line.includes(`"msg":"webhook delivered"`))).toBe(true);
});

test("each file of a segmented output has its upload in the trace; without a traceparent a trace begins here", async () => {
  const { receiver, api } = shared;
  const { job_id } = (await api.post(order({ preset: "hls_tiny" }))).body;
  const end = (await api.events(job_id)).at(-1);
  const spans = await receiver.trace(end?.trace_id, isJob);
  const job = spans.find(isJob);
  const uploads = receiver.named("upload", spans);
  expect(uploads.length).toBeGreaterThan(0);
  const above = spans.filter(({ name }) => name === "job" || name === "encode").map(({ spanId }) => spanId);
  for (const { parentSpanId } of uploads) expect(above).toContain(parentSpanId);
  expect(uploads.length + receiver.named("publish", spans).length).toBe(Number(end?.files_total));
  expect(job?.traceId).toBe(String(end?.trace_id));
});

test("what fails is marked with the kind of its fault, from the step up to the job", async () => {
  const { receiver, api } = shared;
  const { job_id } = (await api.post(order({ input_url: sources.url("missing.mp4") }))).body;
  const end = (await api.events(job_id)).at(-1);
  const spans = await receiver.trace(end?.trace_id, isJob);
  for (const name of ["source", "job"]) {
    expect(receiver.named(name, spans)).toMatchObject([
      { status: { code: failed, message: end?.error?.message }, attributes: { "error.type": "source_failed" } },
    ]);
  }
  expect(receiver.named("record", spans)).toMatchObject([{ status: { code: 0 } }]);
});

test("a job that runs again after its worker was killed goes on in its trace", async () => {
  await using stack = new AsyncDisposableStack();
  const { receiver, port, worker: killed, api } = await traced(stack);
  const { job_id } = (await api.post(order({ preset: "slow" }))).body;
  const watching = api.events(job_id);
  await api.until(job_id, ({ progress = 0 }) => progress > 0);
  killed.kill("SIGKILL");
  await killed.exited;
  stack.use(await startTracedWorker(port, receiver.url));

  const events = await watching;
  const traceIds = new Set(events.map(({ trace_id }: EventJson) => trace_id));
  expect(traceIds.size).toBe(1);
  expect(events.at(-1)).toMatchObject({ status: "completed", attempt: 2 });
  const spans = await receiver.trace(events.at(-1)?.trace_id, isJob);
  expect(
    tree(receiver.named("job", spans).concat(receiver.named("worker.v1.WorkerService/SubmitJob", spans))),
  ).toContain("flux-worker: job < worker.v1.WorkerService/SubmitJob");
  expect(spans.find(isJob)?.attributes["flux.job.attempt"]).toBe(2);
});

test("a client that does not want a trace recorded gets none, and its trace is still passed on", async () => {
  const { receiver, api } = shared;
  await using hook = webhookReceiver({ secret });
  const traceparent = aTraceparent("00");
  await api.post(order({ callback_url: hook.url }), { traceparent });
  const [webhook] = await hook.until(1);
  expect(webhook?.headers.get("traceparent")).toMatch(new RegExp(`^00-${traceIdIn(traceparent)}-.*-00$`));
  const seen = (await api.post(order())).body;
  await receiver.trace((await api.events(seen["job_id"])).at(-1)?.trace_id, isJob);
  expect(receiver.spans.filter(({ traceId }) => traceId === traceIdIn(traceparent))).toEqual([]);
});

test("a stopping process sends what it has", async () => {
  await using stack = new AsyncDisposableStack();
  const { receiver, controlplane, worker, api } = await traced(stack);
  const { job_id } = (await api.post(order())).body;
  const end = (await api.events(job_id)).at(-1);
  controlplane.kill("SIGTERM");
  worker.kill("SIGTERM");
  expect(await Promise.all([controlplane.exited, worker.exited])).toEqual([0, 0]);
  const names = receiver.spans.filter(({ traceId }) => traceId === end?.trace_id).map(({ name }) => name);
  expect(names).toContain("POST /api/v1/jobs");
  expect(names).toContain("job");
});
