import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { checkAnswer } from "#tests/support/openapi.ts";
import { otlpReceiver } from "#tests/support/otlp-receiver.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";

/** What nobody may read anywhere, by where it is used. */
const secrets = {
  apiKey: "api-key-f41d1f5e0b",
  wrongKey: "wrong-key-9c0b7f6e2a",
  workerToken: "worker-token-6b1f8c2d",
  webhook: newSecret(),
  sourceUser: "user-3d9a7c",
  sourcePassword: "password-77b0de",
  sourceSignature: "signature-0a51cf",
  callbackToken: "callback-token-c40e1b",
  idempotencyKey: "idempotency-91e2bb",
  idempotencySecret: "idempotency-secret-5d10c2",
  storageKey: "storage-key-e07b19",
  ftpPassword: "ftp-password-20cb4f",
  hlsKey: "5ec4e7a11f0e2d3c4b5a69788796a5b4",
  traces: "traces-5e0d1c",
  signingKey: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
};

test("no log line, event, answer or record holds a key, a token, or the secret part of a URL", async () => {
  await using home = await temporaryFolder();
  const [film, cut] = [await clip(), await clip({ seconds: 6, cut: 0.4 })];
  await using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    // Redirects as object stores do, to a signed address; and fails where it must.
    fetch: ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname === "/moved.mp4") return Response.redirect(`/film.mp4?X-Signature=${secrets.sourceSignature}`);
      if (pathname === "/film.mp4") return new Response(Bun.file(film));
      if (pathname === "/cut.mp4") return new Response(Bun.file(cut));
      if (pathname.startsWith("/media/"))
        return new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403 });
      return new Response("no", { status: pathname === "/hook" ? 500 : 404 });
    },
  }) as unknown as AsyncDisposable & { port: number; url: URL };
  const port = await freePort();
  using ftp = Bun.listen({
    port: 0,
    hostname: "127.0.0.1",
    socket: {
      open: (socket) => void socket.write("220 Welcome\r\n"),
      data: (socket) => void socket.write("530 Login incorrect\r\n"),
    },
  });
  const WORKER_TOKEN = secrets.workerToken;
  await using receiver = otlpReceiver();
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${secrets.traces}`,
  };
  await using worker = await startWorker({
    port,
    home: home.path,
    WORKER_TOKEN,
    WEBHOOK_SECRETS: secrets.webhook,
    WEBHOOK_PATIENCE: "500ms",
    IDEMPOTENCY_SECRET: secrets.idempotencySecret,
    // Storages that refuse.
    S3_BUCKET: "media",
    S3_ENDPOINT: server.url.origin,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: secrets.storageKey,
    FTP_HOST: "127.0.0.1",
    FTP_PORT: String(ftp.port),
    FTP_USER: "me",
    FTP_PASSWORD: secrets.ftpPassword,
    HLS_KEY: secrets.hlsKey,
    HLS_KEY_URI: "https://keys.example.com/key",
    SIGNING_KEY: `-----BEGIN PRIVATE KEY-----\\n${secrets.signingKey}\\n-----END PRIVATE KEY-----`,
    DRAIN_TIMEOUT: "500ms",
    MAX_CONCURRENT_JOBS: "9",
    LOG_LEVEL: "trace",
    ...tracing,
  });
  await using controlplane = await startControlplane([port], {
    API_KEY: secrets.apiKey,
    HOST: "127.0.0.1",
    WORKER_TOKEN,
    LOG_LEVEL: "trace",
    ...tracing,
  });
  await using stranger = await startControlplane([port], {
    WORKER_TOKEN: secrets.wrongKey,
    WORKER_STARTUP_TIMEOUT: atLeast(500),
    LOG_LEVEL: "trace",
    ...tracing,
  });

  const heard: string[] = [];
  const headers = { authorization: `Bearer ${secrets.apiKey}`, "content-type": "application/json" };
  const ask = async (path: string, init: RequestInit = {}, base = controlplane.url) => {
    const answer = await fetch(`${base}/api/v1${path}`, { headers, ...init });
    const text = await answer.text();
    checkAnswer(init.method ?? "GET", `/api/v1${path}`, answer, text);
    heard.push(text, ...[...answer.headers].flat());
    return text;
  };
  const order = (path: string, more: object = {}) => ({
    input_url: `http://${secrets.sourceUser}:${secrets.sourcePassword}@127.0.0.1:${server.port}${path}?sig=${secrets.sourceSignature}#${secrets.sourceSignature}`,
    preset: "tiny",
    callback_url: `http://x:${secrets.callbackToken}@127.0.0.1:${server.port}/hook?token=${secrets.callbackToken}`,
    ...more,
  });
  const post = (body: object, more: Record<string, string> = {}) =>
    ask("/jobs", { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });

  let logs = 0;
  const isLog = (answer: string) => answer.includes("Input #0");
  const jobs: [string, object?][] = [
    ["/film.mp4"],
    ["/moved.mp4"],
    ["/missing.mp4"],
    ["/cut.mp4"],
    ["/film.mp4", { output: { storage: "s3" } }],
    ["/film.mp4", { output: { storage: "ftp" } }],
  ];
  for (const [n, [path, more]] of jobs.entries()) {
    const { job_id } = JSON.parse(await post(order(path, more), { "Idempotency-Key": secrets.idempotencyKey + n }));
    await ask(`/jobs/${job_id}/stream`);
    await ask(`/jobs/${job_id}`);
    const { payload } = JSON.parse(await ask(`/jobs/${job_id}/certificate`));
    if (payload) heard.push(Buffer.from(payload, "base64").toString());
    if (isLog(await ask(`/jobs/${job_id}/log`))) logs += 1;
    await ask(`/jobs/${job_id}/retry`, { method: "POST" });
  }
  expect(logs).toBeGreaterThan(0);
  await ask("/jobs");
  for (const part of [controlplane, stranger])
    heard.push(await (await fetch(`${part.url}/metrics`, { headers })).text());
  await post(order("/film.mp4", { colour: "red" }));
  await post({
    ...order("/film.mp4"),
    input_url: `ftp://${secrets.sourceUser}:${secrets.sourcePassword}@example.com/a`,
  });
  await post({ ...order("/film.mp4"), input_url: `http://${secrets.sourceUser}:${secrets.sourcePassword}@10.0.0.1/a` });
  await post({
    ...order("/film.mp4"),
    input_url: `http://127.0.0.1:1/a?sig=${secrets.sourceSignature}`,
    preset: "tiny",
  });
  await ask("/jobs", { headers: { authorization: `Bearer ${secrets.wrongKey}` } });
  await ask("/jobs", { method: "POST", body: JSON.stringify(order("/film.mp4")) }, stranger.url);

  for (const part of [controlplane, stranger, worker]) part.kill("SIGTERM");
  await Promise.all([controlplane.exited, stranger.exited, worker.exited]);
  const kept = await Promise.all(
    (await filesIn(join(home.path, "out"))).map(
      async (file) => `${file}: ${await readFile(join(home.path, "out", file), "latin1")}`,
    ),
  );
  const places = {
    log: [...controlplane.said, ...stranger.said, ...worker.said],
    answer: heard,
    record: kept,
    span: receiver.requests.map(({ text }) => text),
  };
  const found = Object.entries(places).flatMap(([place, texts]) =>
    texts.flatMap((text) =>
      Object.entries(secrets).flatMap(([name, secret]) =>
        text.includes(secret) ? [`${name} in a ${place}: ${text}`] : [],
      ),
    ),
  );
  expect(found).toEqual([]);
  expect(places.log.length).toBeGreaterThan(20);
  expect(receiver.spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["source", "POST", "POST /api/v1/jobs"]),
  );
  for (const kind of ["/claims/", "/webhooks/", ".log: ", '"job_id"'])
    expect([kind, kept.some((text) => text.includes(kind))]).toEqual([kind, true]);
  expect(places.log.some((line) => line.includes("delivery_failed"))).toBe(true);
});
