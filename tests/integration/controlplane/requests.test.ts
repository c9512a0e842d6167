import { expect, test } from "bun:test";
import * as v from "valibot";
import { readJson } from "#controlplane/http/read-json.ts";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { rejection } from "#tests/support/outcome.ts";

const key = "0123456789abcdef";

const json = { "Content-Type": "application/json" };

test.each([
  ["no body", "body", undefined],
  ["broken JSON", "body", "{"],
  ["a list", "body", "[]"],
  ["bytes that are no text", "body", new Uint8Array([0x22, 0xff, 0x22])],
  ["an unknown field", "colour", JSON.stringify({ ...anOrder, colour: 1 })],
  ["a file", "input_url", JSON.stringify({ ...anOrder, input_url: "file:///etc/passwd" })],
  ["ftp", "input_url", JSON.stringify({ ...anOrder, input_url: "ftp://example.com/a.mp4" })],
  ["data", "input_url", JSON.stringify({ ...anOrder, input_url: "data:video/mp4;base64,AAAA" })],
  ["a metadata address", "input_url", JSON.stringify({ ...anOrder, input_url: "http://169.254.169.254/" })],
  ["loopback by name", "input_url", JSON.stringify({ ...anOrder, input_url: "http://localhost/" })],
  ["loopback in IPv6", "input_url", JSON.stringify({ ...anOrder, input_url: "http://[::ffff:127.0.0.1]/" })],
  ["a private callback", "callback_url", JSON.stringify({ ...publicOrder(), callback_url: "http://10.0.0.1/" })],
  ["a path that climbs", "output.path", JSON.stringify({ ...publicOrder(), output: { path: "../a.mp4" } })],
  ["a path under the records", "output.path", JSON.stringify({ ...publicOrder(), output: { path: ".flux/jobs/a" } })],
  ["an unknown storage", "output.storage", JSON.stringify({ ...publicOrder(), output: { storage: "gcs" } })],
])("%s is refused with the field %s", async (_, field, body) => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({
    workers: [worker.address],
    config: { allowedPrivateCidrs: [] },
  });
  const answer = await fetch(`${service.api}/jobs`, { method: "POST", headers: json, ...(body && { body }) });
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([400, "application/problem+json"]);
  const problem = await jsonOf(answer);
  expect(problem).toMatchObject({ status: 400, kind: "invalid", instance: "/api/v1/jobs" });
  expect(problem.errors.map((error: { field: string }) => error.field)).toContain(field);
  expect(worker.requests).toHaveLength(0);
});

function publicOrder() {
  return { ...anOrder, input_url: "https://example.com/a.mp4" };
}

test("a body over the limit is refused, whether it says how long it is or not", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const text = JSON.stringify({ ...anOrder, preset: "x".repeat(3 * 2 ** 20) });
  const chunked = new ReadableStream({
    start(controller) {
      for (let at = 0; at < text.length; at += 65_536) {
        controller.enqueue(new TextEncoder().encode(text.slice(at, at + 65_536)));
      }
      controller.close();
    },
  });
  for (const body of [text, chunked]) {
    const answer = await fetch(`${service.api}/jobs`, { method: "POST", headers: json, body });
    expect(answer.status).toBe(413);
    expect(await jsonOf(answer)).toMatchObject({ kind: "too_large" });
  }
});

test.each(["text/plain", "multipart/form-data; boundary=x", "application/jsonp"])("%s is 415", async (type) => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const answer = await service.post(anOrder, { "Content-Type": type });
  expect(answer.status).toBe(415);
  expect(await jsonOf(answer)).toMatchObject({ kind: "invalid", status: 415 });
});

test("a body that is compressed is 415, and so never unfolds", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const body = Bun.gzipSync(JSON.stringify(anOrder));
  const answer = await fetch(`${service.api}/jobs`, {
    method: "POST",
    headers: { ...json, "Content-Encoding": "gzip" },
    body,
  });
  expect([answer.status, answer.headers.get("Accept-Encoding")]).toEqual([415, "identity"]);
});

test("unknown paths and methods are problems, and the methods that serve are named", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  for (const path of ["/nothing", "/api/v1", "/api/v1/nothing", "/api/v2/jobs"]) {
    const answer = await fetch(service.url + path);
    expect(answer.status).toBe(404);
    expect(await jsonOf(answer)).toMatchObject({ kind: "not_found", instance: path });
  }
  const answer = await service.get("/jobs/some-job", { method: "PUT" });
  expect([answer.status, answer.headers.get("Allow")]).toEqual([405, "GET, HEAD, DELETE, PATCH"]);
  expect(await jsonOf(answer)).toMatchObject({ status: 405, kind: "invalid" });
});

test("everything below /api/v1 needs the key, health does not", async () => {
  await using service = await startTestControlPlane({
    workers: ["127.0.0.1:9"],
    settings: { API_KEY: key, HOST: "127.0.0.1" },
  });
  for (const path of ["/jobs", "/jobs/some-job", "/jobs/some-job/stream", "/workers/status", "/presets", "/nothing"]) {
    const answer = await service.get(path, { headers: { Authorization: "Bearer wrong" } });
    expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
    expect(await jsonOf(answer)).toMatchObject({ kind: "unauthenticated" });
  }
  expect((await service.get("/jobs", { headers: { Authorization: `Bearer ${key}` } })).status).toBe(200);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});

test("every answer can be found in the log by its id and is not sniffed", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  for (const path of ["/jobs", "/nothing"]) {
    const answer = await service.get(path, { headers: { "X-Request-Id": "my-request" } });
    expect(answer.headers.get("X-Request-Id")).toBe("my-request");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
  }
});

test("a header that is too large is refused by itself", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const answer = await service.get("/jobs", { headers: { "X-Large": "x".repeat(17_000) } });
  expect(answer.status).toBe(431);
  expect((await service.get("/jobs")).status).toBe(200);
});

test("a body that trickles is cut", async () => {
  const body = new ReadableStream({
    async pull(controller) {
      await Bun.sleep(20);
      controller.enqueue(new TextEncoder().encode(" "));
    },
  });
  const request = new Request("http://localhost/", { method: "POST", headers: json, body });
  expect(await rejection(readJson(request, v.object({}), 100))).toMatchObject({ status: 408 });
});

test("where no uploads are taken, who uploads is told what is to be set", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const answer = await service.get("/uploads", { method: "POST", headers: { "Tus-Resumable": "1.0.0" } });
  const detail = "this service takes no uploads: set UPLOAD_STORAGE at control plane and workers";
  expect(await jsonOf(answer)).toMatchObject({ status: 404, kind: "not_found", detail });
});
