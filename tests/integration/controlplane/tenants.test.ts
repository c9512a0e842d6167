import { expect, test } from "bun:test";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { stringify } from "yaml";
import type { Scope } from "#controlplane/auth/client.ts";
import { hashOf } from "#controlplane/auth/keys.ts";
import { anOrder, jsonOf, sseEvents, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";

const admin = "0123456789abcdef";
const all: Scope[] = ["jobs:write", "jobs:read"];
const entry = (tenant: string, more: Record<string, unknown> = {}) => ({
  name: "ci",
  tenant,
  scopes: all,
  hash: hashOf(`key of ${tenant}`.replaceAll(" ", "-")),
  ...more,
});
const bearer = (key: string) => ({ Authorization: `Bearer ${key}`, "Content-Type": "application/json" });
const [acme, beta] = [bearer("key-of-acme"), bearer("key-of-beta")];

/** A service for the tenants acme and beta; a second replica knows their jobs from the worker only. */
async function startTenants(
  entries: object[] = [entry("acme"), entry("beta")],
  settings: Record<string, string> = {},
  onError = () => {},
  deps: { heartbeatMs?: number } = {},
) {
  const folder = await temporaryFolder();
  const keysFile = join(folder.path, "keys.yaml");
  await writeFile(keysFile, stringify(entries));
  const worker = await startFakeWorker({ slots: 10 });
  const options = {
    workers: [worker.address],
    settings: { API_KEY: admin, HOST: "127.0.0.1", API_KEYS_FILE: keysFile, ...settings },
    deps: { log: pino({ level: "error" }, { write: onError }), ...deps },
  };
  const [service, replica] = [await startTestControlPlane(options), await startTestControlPlane(options)];
  return {
    worker,
    service,
    replica,
    keysFile,
    async [Symbol.asyncDispose]() {
      await Promise.all([service.stop(), replica.stop()]);
      await worker[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("a tenant's job is nobody else's to see, follow, cancel, repeat or list; an admin sees all", async () => {
  await using tenants = await startTenants();
  const { worker, service, replica } = tenants;
  const { job_id: jobId } = await jsonOf(await service.post(anOrder, acme));
  const ended = (await jsonOf(await service.post(anOrder, acme))).job_id;
  worker.tell(ended, { status: "completed" });

  for (const { get } of [service, replica]) {
    const calls: [string, RequestInit][] = [
      [`/jobs/${jobId}`, {}],
      [`/jobs/${jobId}/stream`, {}],
      [`/jobs/${jobId}/stream`, { method: "HEAD" }],
      [`/jobs/${jobId}`, { method: "DELETE" }],
      [`/jobs/${ended}`, {}],
      [`/jobs/${ended}`, { method: "DELETE" }],
      [`/jobs/${ended}/retry`, { method: "POST" }],
      [`/jobs/${ended}/certificate`, {}],
      [`/jobs/${ended}/log`, {}],
    ];
    for (const [path, init] of calls) {
      const answer = await get(path, { ...init, headers: beta });
      expect([path, answer.status]).toEqual([path, 404]);
      if (init.method !== "HEAD") expect(await jsonOf(answer)).toMatchObject({ detail: "no such job" });
    }
    const listed = async (headers: Record<string, string>, query = "") =>
      (await jsonOf(await get(`/jobs${query}`, { headers }))).jobs.map((job: { job_id: string }) => job.job_id);
    expect(await listed(beta)).toEqual([]);
    expect(await listed(acme)).toEqual([ended, jobId]);
    expect(await listed(bearer(admin))).toEqual([ended, jobId]);
    expect(await listed(acme, "?tenant=acme")).toEqual([ended, jobId]);
    expect(await listed(bearer(admin), "?tenant=acme")).toEqual([ended, jobId]);
    expect(await listed(bearer(admin), "?tenant=beta")).toEqual([]);
    const others = await get("/jobs?tenant=acme", { headers: beta });
    expect([others.status, (await jsonOf(others)).kind]).toEqual([403, "forbidden"]);
    expect((await get(`/jobs/${jobId}`, { headers: acme })).status).toBe(200);
    expect((await get(`/jobs/${jobId}`, { headers: bearer(admin) })).status).toBe(200);
  }
  expect((await replica.get(`/jobs/${jobId}`, { method: "DELETE", headers: acme })).status).toBe(202);
});

test("outputs lie below the tenant's prefix, named or not, and again when the job is repeated", async () => {
  await using tenants = await startTenants();
  const { worker, service } = tenants;
  const path = "films/a.mp4";
  const { job_id } = await jsonOf(await service.post({ ...anOrder, output: { path } }, acme));
  await service.post(anOrder, beta);
  await service.post({ ...anOrder, output: { path } }, bearer(admin));
  const climbing = await service.post({ ...anOrder, output: { path: "../beta/a.mp4" } }, acme);
  expect(climbing.status).toBe(400);
  worker.tell(job_id, { status: "failed", error: { kind: "encode_failed", message: "x" } });
  expect((await service.get(`/jobs/${job_id}/retry`, { method: "POST", headers: acme })).status).toBe(202);
  expect(worker.requests.map(({ tenant, output }) => [tenant, output?.path, output?.pathPrefix])).toEqual([
    ["acme", "acme/films/a.mp4", ""],
    ["beta", "", "beta/"],
    ["", path, ""],
    ["acme", "acme/films/a.mp4", ""],
  ]);
});

test("the file of tenants gives prefixes and storages, and who is not in it is refused", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "tenants.yaml");
  await writeFile(file, "acme: { path_prefix: customers/acme, storages: [s3] }");
  await using tenants = await startTenants(undefined, { TENANTS_FILE: file });
  const { worker, service } = tenants;
  expect((await service.post({ ...anOrder, output: { storage: "s3", path: "a.mp4" } }, acme)).status).toBe(202);
  expect(worker.requests[0]?.output).toMatchObject({ storage: "s3", path: "customers/acme/a.mp4" });
  const refused = await service.post({ ...anOrder, output: { storage: "local" } }, acme);
  expect(await jsonOf(refused)).toMatchObject({ status: 400, errors: [{ field: "output.storage" }] });
  expect((await service.post(anOrder, acme)).status).toBe(202);
  expect(worker.requests[1]?.output).toMatchObject({ storage: "s3", pathPrefix: "customers/acme/" });
  expect((await service.get("/jobs", { headers: beta })).status).toBe(403);
});

test("a peer that cannot keep tenants apart gets no order whose path it would choose", async () => {
  await using peer = await startFakeWorker({ foreign: true });
  await using folder = await temporaryFolder();
  const file = join(folder.path, "keys.json");
  await writeFile(file, JSON.stringify([entry("acme")]));
  await using service = await startTestControlPlane({
    workers: [peer.address],
    settings: { API_KEYS_FILE: file, HOST: "127.0.0.1" },
    config: { startupTimeoutMs: 500 },
  });
  expect((await service.post(anOrder, acme)).status).toBe(503);
  expect(peer.requests).toHaveLength(0);
  expect((await service.post({ ...anOrder, output: { path: "a.mp4" } }, acme)).status).toBe(202);
});

test("changed keys count at once, also when the file is replaced; a broken file changes nothing", async () => {
  const complained = Promise.withResolvers<void>();
  await using tenants = await startTenants([entry("acme")], {}, complained.resolve);
  const { service, keysFile } = tenants;
  const status = async (headers: Record<string, string>) => (await service.get("/jobs", { headers })).status;
  expect([await status(acme), await status(beta)]).toEqual([200, 401]);
  await writeFile(`${keysFile}.new`, stringify([entry("beta")]));
  await rename(`${keysFile}.new`, keysFile);
  await eventually(async () => (await status(beta)) === 200, "the new key opens");
  expect(await status(acme)).toBe(401);
  await writeFile(keysFile, "- { name: ");
  await complained.promise;
  expect(await status(beta)).toBe(200);
  await writeFile(keysFile, stringify([entry("acme")]));
  await eventually(async () => (await status(acme)) === 200, "the mended file counts");
});

test("requests, jobs and streams of a client are limited, and it is told so before and when it happens", async () => {
  const entries = [entry("acme", { rate_limit: "5/1h" }), entry("beta", { max_jobs: 1, max_streams: 1 })];
  await using tenants = await startTenants(entries);
  const { worker, service } = tenants;
  const answers = await Promise.all(Array.from({ length: 6 }, () => service.get("/jobs", { headers: acme })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429]);
  const [first, last] = [answers[0], answers.find(({ status }) => status === 429)];
  expect(first?.headers.get("RateLimit-Policy")).toBe('"default";q=5;w=3600');
  expect(first?.headers.get("RateLimit")).toMatch(/^"default";r=[0-4];t=\d+$/);
  expect(last?.headers.get("RateLimit")).toMatch(/^"default";r=0;t=3\d{3}$/);
  expect(Number(last?.headers.get("Retry-After"))).toBeGreaterThan(600);

  const { job_id } = await jsonOf(await service.post(anOrder, beta));
  const refused = await service.post(anOrder, beta);
  expect([refused.status, (await jsonOf(refused)).kind]).toEqual([429, "rate_limited"]);
  const stream = () => service.get(`/jobs/${job_id}/stream`, { headers: beta });
  const open = await stream();
  expect((await stream()).status).toBe(429);
  await open.body?.cancel();
  await eventually(async () => {
    const again = await stream();
    if (again.status !== 200) return false;
    worker.tell(job_id, { status: "completed" });
    return (await Array.fromAsync(sseEvents(again))).at(-1)?.status === "completed";
  }, "the stream that was left counts no more");
  expect((await service.post(anOrder, beta)).status).toBe(202);
});

test("a stream ends at its next heartbeat when its key is revoked, and others go on", async () => {
  await using tenants = await startTenants(undefined, {}, undefined, { heartbeatMs: 20 });
  const { worker, service, keysFile } = tenants;
  const followed = async (headers: Record<string, string>) => {
    const { job_id } = await jsonOf(await service.post(anOrder, headers));
    return { job_id, stream: await service.get(`/jobs/${job_id}/stream`, { headers }) };
  };
  const [mine, theirs] = [await followed(acme), await followed(beta)];
  await writeFile(keysFile, stringify([entry("beta")]));
  expect((await Array.fromAsync(sseEvents(mine.stream))).map(({ status }) => status)).toEqual(["queued"]);
  worker.tell(theirs.job_id, { status: "completed" });
  expect((await Array.fromAsync(sseEvents(theirs.stream))).at(-1)?.status).toBe("completed");
});
