import { expect, test } from "bun:test";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readConfig } from "#controlplane/config.ts";
import { anOrder } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { lambdaHandler } from "../../deploy/lambda/handler.ts";

const API_KEY = "a-key-of-the-tests";

/** An event as a function URL makes it, payload format 2.0. */
const urlEvent = (method: string, path: string, { key = API_KEY, body }: { key?: string; body?: unknown } = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: {
    host: "abc.lambda-url.eu-west-1.on.aws",
    authorization: `Bearer ${key}`,
    "accept-encoding": "gzip",
    "content-type": "application/json",
  },
  requestContext: {
    accountId: "anonymous",
    apiId: "abc",
    authentication: null,
    authorizer: {},
    domainName: "abc.lambda-url.eu-west-1.on.aws",
    domainPrefix: "abc",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
    requestId: "1",
    routeKey: "$default",
    stage: "$default",
    time: "23/Nov/2026:12:00:00 +0000",
    timeEpoch: 1_795_435_200_000,
  },
  body: body === undefined ? null : JSON.stringify(body),
  isBase64Encoded: false,
});

const settings = (worker: string) => ({
  WORKER_NODES: worker,
  API_KEY,
  ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8",
  LOG_LEVEL: "silent",
});

test("each event is answered anew: a job that ended while the function was frozen is told as ended", async () => {
  await using worker = await startFakeWorker();
  const handle = lambdaHandler(readConfig(settings(worker.address)));

  const posted = await handle(urlEvent("POST", "/api/v1/jobs", { body: anOrder }));
  expect(posted.statusCode).toBe(202);
  const { job_id } = JSON.parse(posted.body);
  await eventually(() => worker.state.watchers === 0, "the job's stream is let go");

  worker.tell(job_id, { status: "completed", outputUrl: "file:///out.mp4", outputType: "single" });
  const looked = await handle(urlEvent("GET", `/api/v1/jobs/${job_id}`));
  expect(JSON.parse(looked.body)).toMatchObject({ status: "completed", output_url: "file:///out.mp4" });
});

test("compressed pages come whole, and a wrong key is refused", async () => {
  const handle = lambdaHandler(readConfig(settings("127.0.0.1:9")));
  const { body, isBase64Encoded } = await handle(urlEvent("GET", "/"));
  expect(isBase64Encoded).toBe(true);
  expect(gunzipSync(Buffer.from(body, "base64")).toString()).toContain("<!doctype html>");
  expect((await handle(urlEvent("GET", "/api/v1/jobs", { key: "wrong" }))).statusCode).toBe(401);
});

test("the bootstrap takes events from the runtime API and posts what the handler answers", async () => {
  await using worker = await startFakeWorker();
  const events = [urlEvent("GET", "/healthz"), undefined, urlEvent("GET", "/api/v1/presets")].map(
    (event) => JSON.stringify(event) ?? "not an event",
  );
  const done = Promise.withResolvers<void>();
  const answers: [string, unknown][] = [];
  using runtime = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") {
        answers.push([pathname, await request.json()]);
        if (answers.length === 3) done.resolve();
        return new Response("", { status: 202 });
      }
      const event = events.shift();
      if (event === undefined) return new Promise<Response>(() => {});
      return new Response(event, { headers: { "Lambda-Runtime-Aws-Request-Id": `event-${3 - events.length}` } });
    },
  });
  const main = join(import.meta.dir, "../../deploy/lambda/main.ts");
  const bootstrap = Bun.spawn([process.execPath, main], {
    env: { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${runtime.port}`, ...settings(worker.address) },
    stdio: ["ignore", "ignore", "ignore"],
  });
  await done.promise;
  bootstrap.kill();
  await bootstrap.exited;

  const at = (id: number, outcome: string) => `/2018-06-01/runtime/invocation/event-${id}/${outcome}`;
  expect(answers).toMatchObject([
    [at(1, "response"), { statusCode: 200, body: '{"status":"ok"}' }],
    [at(2, "error"), { errorType: "internal" }],
    [at(3, "response"), { statusCode: 200 }],
  ]);
});

test("without keys the bootstrap does not start", async () => {
  const main = join(import.meta.dir, "../../deploy/lambda/main.ts");
  const env = { WORKER_NODES: "127.0.0.1:1", AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1" };
  const bootstrap = Bun.spawn([process.execPath, main], { env, stdio: ["ignore", "ignore", "pipe"] });
  expect(await bootstrap.exited).toBe(78);
  expect(await bootstrap.stderr.text()).toContain("API_KEY: ");
});
