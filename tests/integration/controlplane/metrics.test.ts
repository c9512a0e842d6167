import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { hashOf } from "#controlplane/auth/keys.ts";
import { sseEvents, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";

const receipt = {
  workerSeconds: 8,
  cpuSeconds: 20,
  peakMemory: 1_000,
  bytesIn: 100,
  bytesOut: 50,
  storageRequests: 3,
  coldStartSeconds: 2,
  attempts: 1,
  encodeSeconds: 5,
  mediaSeconds: 10,
  sourceSeconds: 1,
  uploadSeconds: 1,
  cost: 0.25,
};

/** The samples of a control plane by their names and labels. */
async function samples(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

test("metrics need a client with their scope, unless they are public", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "keys.yaml");
  const entry = (key: string, scope: string) => ({ name: key, tenant: "acme", scopes: [scope], hash: hashOf(key) });
  await writeFile(file, stringify([entry("key-for-metrics", "metrics:read"), entry("key-for-jobs", "jobs:read")]));
  const settings = { API_KEY: "0123456789abcdef", API_KEYS_FILE: file, HOST: "127.0.0.1" };
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"], settings });
  const ask = async (key?: string, url = service.url) =>
    (await fetch(`${url}/metrics`, key ? { headers: { authorization: `Bearer ${key}` } } : {})).status;
  expect([await ask(), await ask("wrong"), await ask("key-for-jobs")]).toEqual([401, 401, 403]);
  expect([await ask("key-for-metrics"), await ask("0123456789abcdef")]).toEqual([200, 200]);

  await using open = await startTestControlPlane({
    workers: ["127.0.0.1:9"],
    settings: { ...settings, METRICS_PUBLIC: "true" },
  });
  expect(await ask(undefined, open.url)).toBe(200);
});

test("reading the metrics connects to no worker", async () => {
  using asleep = await startHangingPort();
  await using service = await startTestControlPlane({ workers: [asleep.address] });
  expect((await samples(service.url)).get(`flux_connected{worker="${asleep.address}"}`)).toBe(0);
  expect(asleep.connections()).toBe(0);
});

test("a job is counted once, by the replica that took its order, however many follow it", async () => {
  await using worker = await startFakeWorker();
  const workers = [worker.address];
  await using service = await startTestControlPlane({ workers });
  await using replica = await startTestControlPlane({ workers });
  const jobId = await service.submit({ input_url: "http://127.0.0.1:9/a.mp4", preset: "tiny" });
  const readers = [service, replica, service].map(async (each) => Array.fromAsync(sseEvents(await each.stream(jobId))));
  await eventually(async () => (await samples(service.url)).get("flux_sse_streams") === 2, "the streams are counted");
  worker.tell(jobId, { status: "failed", error: { kind: "delivery_failed", message: "no" }, receipt });
  await Promise.all(readers);

  const jobs = 'flux_jobs_total{outcome="failed",preset="tiny",tenant=""}';
  await eventually(async () => (await samples(service.url)).get(jobs) === 1, "the job is counted");
  const counted = await samples(service.url);
  const of = `{worker="${worker.address}"}`;
  expect(counted.get('flux_job_failures_total{kind="delivery_failed"}')).toBe(1);
  expect(counted.get('flux_job_failures_total{kind="worker_lost"}')).toBe(0);
  expect(counted.get(`flux_job_cost_total${of}`)).toBe(0.25);
  expect(counted.get(`flux_job_realtime_factor_sum${of}`)).toBe(2);
  expect(counted.get(`flux_slots${of}`)).toBe(1);
  expect(counted.get(`flux_dispatch_attempts_total{worker="${worker.address}",answer="accepted"}`)).toBe(1);
  expect(counted.get("flux_sse_streams")).toBe(0);
  const elsewhere = await samples(replica.url);
  expect([...elsewhere.keys()].filter((name) => name.startsWith("flux_jobs_total"))).toEqual([]);
});

test("requests are counted by the pattern of their route, whatever the path", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  for (const path of ["/jobs/one-1", "/jobs/two-2", "/jobs/two-2/stream", "/nothing/here", "/"])
    await service.get(path);
  await fetch(`${service.url}/${"x".repeat(50)}`, { method: "PROPFIND" });
  await fetch(`${service.url}/healthz`);
  const names = [...(await samples(service.url)).keys()];
  const routes = names.filter((name) => name.startsWith("flux_http_request_duration_seconds_count"));
  const label = (name: string, route: string) => name.replace("ROUTE", route);
  const of = 'flux_http_request_duration_seconds_count{method="GET",route="ROUTE",status="404"}';
  expect(routes.sort()).toEqual(
    [
      label(of, "/api/v1/jobs/:id"),
      label(of, "/api/v1/jobs/:id/stream"),
      label(of, "none"),
      label(of, "none").replace("GET", "other"),
      label(of, "/healthz").replace("404", "200"),
    ].sort(),
  );
});

test("an order says how long it waited for a worker that was asleep, and the next one that it did not", async () => {
  const port = await freePort();
  await using door = await startTcpProxy(port);
  door.set({ how: "refused" });
  await using service = await startTestControlPlane({ workers: [`127.0.0.1:${door.port}`] });
  const submitting = service.submit();
  await eventually(() => door.struck > 0, "a worker is looked for");
  // The machine takes a second to start: what is shorter counts as none.
  await Bun.sleep(1_000);
  await using worker = await startFakeWorker({ port, slots: 2 });
  door.mend();
  await submitting;
  await service.submit();
  const [woken, awake] = worker.requests.map(({ coldStartMs }) => Number(coldStartMs));
  expect(woken).toBeGreaterThanOrEqual(1_000);
  expect(awake).toBe(0);
});
