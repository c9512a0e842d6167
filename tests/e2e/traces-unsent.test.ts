import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { otlpReceiver } from "#tests/support/otlp-receiver.ts";
import { outcome } from "#tests/support/outcome.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
});
afterAll(() => stack.disposeAsync());

const order = (more = {}) => ({ input_url: sources.url("clip.mp4"), preset: "tiny", ...more });

test("a receiver that is down, or refuses, changes nothing for a job and is complained of once", async () => {
  const port = await freePort();
  await using refusing = otlpReceiver({ status: 400 });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  await using controlplane = await startControlplane([port], { OTEL_EXPORTER_OTLP_ENDPOINT: nobody });
  await using worker = await startWorker({ port, home, OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url });
  const api = client(controlplane.url);
  for (const batches of [1, 2]) {
    const { job_id } = (await api.post(order())).body;
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
    await eventually(() => refusing.requests.length >= batches, "a batch was refused");
  }
  controlplane.kill("SIGTERM");
  worker.kill("SIGTERM");
  expect(await Promise.all([controlplane.exited, worker.exited])).toEqual([0, 0]);
  expect(worker.said.filter((line) => line.includes("traces cannot be sent")).length).toBe(1);
});

test("without an endpoint nothing of OpenTelemetry is loaded, and a client's trace is passed on all the same", async () => {
  const BUN_OPTIONS = `--preload ${join(import.meta.dir, "../support/without-opentelemetry.ts")}`;
  const secret = newSecret();
  const port = await freePort();
  await using hook = webhookReceiver({ secret });
  await using _worker = await startWorker({ port, home, BUN_OPTIONS, WEBHOOK_SECRETS: secret });
  await using controlplane = await startControlplane([port], { BUN_OPTIONS });
  const [trace_id, traceparent] = [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  ];

  await client(controlplane.url).post(order({ callback_url: hook.url }), { traceparent });
  const [webhook] = await hook.until(1);
  expect(webhook?.event).toMatchObject({ status: "completed", trace_id });
  expect(webhook?.headers.get("traceparent")).toBe(traceparent);

  const OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:9";
  const loading = startWorker({ port: await freePort(), home, BUN_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT });
  expect(await outcome(loading)).toThrow("loads");
});
