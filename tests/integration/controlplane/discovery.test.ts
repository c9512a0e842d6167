import { expect, test } from "bun:test";
import pino from "pino";
import { makeResolveSrv } from "#controlplane/workers/resolve-srv.ts";
import { jobIdAt } from "#shared/job/id.ts";
import {
  anOrder,
  jsonOf,
  sseEvents,
  startTestControlPlane,
  type TestControlPlane,
} from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { srvServer } from "#tests/support/srv-server.ts";

const name = "_grpc._tcp.localhost";
const srv = `srv://${name}`;

/** A control plane whose workers are those of a DNS server, and whose clock can be put forward. */
async function startFound(
  dns: { address: string },
  {
    workers = [srv],
    config = {},
  }: Pick<Partial<Parameters<typeof startTestControlPlane>[0]>, "workers" | "config"> = {},
) {
  const said: Record<string, unknown>[] = [];
  const log = pino({ level: "info" }, { write: (line) => said.push(JSON.parse(line)) });
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const deps = { resolveSrv: makeResolveSrv([dns.address]), now, log };
  const service = await startTestControlPlane({ workers, config: { startupTimeoutMs: 500, ...config }, deps });
  return Object.assign(service, {
    said,
    /** The first line of the log with this message, once it is there. */
    async line(msg: string) {
      await eventually(() => said.some((line) => line["msg"] === msg), msg);
      return said.find((line) => line["msg"] === msg);
    },
    passes: (ms: number) => {
      aheadMs += ms;
    },
  });
}

/** A worker as the DNS server names it. */
const at = ({ port }: { port: number }) => `localhost:${port}`;

const addressesOf = async (service: TestControlPlane) => {
  const { workers } = await jsonOf(await service.get("/workers/status"));
  return workers.map(({ address }: { address: string }) => address).sort();
};
const stateOf = async (service: TestControlPlane, jobId: string) => {
  const answer = await service.get(`/jobs/${jobId}`);
  return { http: answer.status, ...(await jsonOf(answer)) };
};
const refusalOf = async (service: TestControlPlane) => {
  const answer = await service.post(anOrder);
  return { http: answer.status, ...(await jsonOf(answer)) };
};

test("workers that DNS names take jobs, and one that comes takes the next without a restart", async () => {
  await using one = await startFakeWorker();
  await using two = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.targets = [at(one)];
  await using service = await startFound(dns);
  const jobId = await service.submit();
  expect(jobId).toStartWith(jobIdAt(at(one), ""));
  dns.targets = [at(one), at(two)];
  service.passes(1_000);
  expect(await service.submit()).toStartWith(jobIdAt(at(two), ""));
  service.passes(5_000);
  expect(await addressesOf(service)).toEqual([at(one), at(two)].sort());
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  for (const worker of [one, two]) expect(metrics).toContain(`flux_connected{worker="${at(worker)}"} 1`);
});

test("a worker that is gone from DNS takes no orders, and is known until its last job has ended", async () => {
  await using one = await startFakeWorker({ slots: 2 });
  await using two = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.targets = [at(one)];
  await using service = await startFound(dns);
  const [watched, unseen] = [await service.submit(), await service.submit()];
  await using other = await startFound(dns);
  await other.get("/workers/status");
  dns.targets = [at(two)];
  for (const each of [service, other]) each.passes(5_000);

  await service.submit();
  expect(await refusalOf(service)).toMatchObject({ http: 503, kind: "busy" });
  expect(one.requests).toHaveLength(2);
  expect(two.requests).toHaveLength(1);
  for (const each of [service, other]) {
    expect(await addressesOf(each)).toEqual([at(one), at(two)].sort());
    expect(await stateOf(each, watched)).toMatchObject({ http: 200, status: "queued" });
  }
  expect((await service.get(`/jobs/${watched}`, { method: "DELETE" })).ok).toBe(true);
  const events = sseEvents(await other.stream(unseen));
  await events.next();
  one.tell(unseen, { status: "completed" });
  expect((await events.next()).value).toMatchObject({ status: "completed" });
  await events.return();

  for (const each of [service, other])
    await eventually(async () => {
      each.passes(5_000);
      return (await addressesOf(each)).length === 1;
    }, "the worker is forgotten");
  expect(await service.line("a worker that DNS no longer names has no job left")).toMatchObject({ worker: at(one) });
});

test("when DNS names nobody any more, orders are refused, also by who was connected", async () => {
  await using worker = await startFakeWorker({ slots: 2 });
  await using dns = await srvServer(name);
  dns.targets = [at(worker)];
  await using service = await startFound(dns);
  await service.submit();
  dns.targets = [];
  service.passes(5_000);
  expect(await refusalOf(service)).toMatchObject({ http: 503, detail: expect.stringContaining(srv) });
  expect(worker.requests).toHaveLength(1);
});

test("a worker that is gone from DNS, and down, is waited for as long as its job is followed", async () => {
  const worker = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.targets = [at(worker)];
  await using service = await startFound(dns);
  const jobId = await service.submit();
  await worker.kill();
  dns.targets = [];
  service.passes(5_000);
  await service.get("/workers/status");
  service.passes(660_000);
  for (let n = 0; n < 3; n += 1) {
    service.passes(5_000);
    expect(await addressesOf(service)).toEqual([at(worker)]);
  }
  await using back = await startFakeWorker({ port: worker.port, journal: worker.journal });
  back.tell(jobId, { status: "completed" });
  await eventually(async () => (await stateOf(service, jobId))["status"] === "completed", "the end is heard of");
});

test("while DNS fails or is silent the workers stay as they are, and when it answers again they follow it", async () => {
  await using one = await startFakeWorker({ slots: 9 });
  await using two = await startFakeWorker({ slots: 9 });
  await using dns = await srvServer(name);
  dns.targets = [at(one)];
  await using service = await startFound(dns);
  await service.submit();
  for (const how of ["server failure", "refuses", "is silent"] as const) {
    dns.how = how;
    service.passes(5_000);
    const before = dns.questions.length;
    expect(await service.submit()).toStartWith(jobIdAt(at(one), ""));
    expect(dns.questions.length).toBeGreaterThan(before);
  }
  await service.line("DNS does not answer: the workers stay as they are");
  dns.how = "answers";
  dns.targets = [at(two)];
  await eventually(async () => {
    service.passes(5_000);
    return (await service.submit()).startsWith(jobIdAt(at(two), ""));
  }, "the workers follow");
  await service.line("DNS answers again");
});

test("a name without records is a warning at the start, orders are told which it is, and a worker that comes is found", async () => {
  await using worker = await startFakeWorker();
  await using dns = await srvServer(name);
  await using service = await startFound(dns);
  expect(await service.line("DNS names no worker")).toMatchObject({ level: 40, srv });
  expect(await refusalOf(service)).toMatchObject({
    ...{ http: 503, kind: "unreachable" },
    detail: `${srv} names no worker now; try again later`,
  });
  expect((await service.get("/presets")).status).toBe(503);
  dns.how = "no such name";
  service.passes(5_000);
  expect(await refusalOf(service)).toMatchObject({ http: 503, detail: expect.stringContaining(srv) });
  dns.how = "answers";
  dns.targets = [at(worker)];
  service.passes(1_000);
  await service.submit();
});

test("before DNS has answered once nothing is said to be unknown", async () => {
  await using worker = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.how = "server failure";
  await using service = await startFound(dns);
  const jobId = jobIdAt(at(worker), Bun.randomUUIDv7());
  const detail = expect.stringContaining(`DNS does not answer for ${name} (ESERVFAIL)`);
  expect(await refusalOf(service)).toMatchObject({ http: 503, kind: "unreachable", detail });
  expect(await stateOf(service, jobId)).toMatchObject({ http: 503, kind: "unreachable", detail });
  expect(await stateOf(service, "anything")).toMatchObject({ http: 404 });
  dns.how = "answers";
  service.passes(1_000);
  expect(await stateOf(service, jobId)).toMatchObject({ http: 404 });
});

test("DNS is asked again when a job's worker is not known yet", async () => {
  await using worker = await startFakeWorker();
  await using dns = await srvServer(name, { ttlSeconds: 3_600 });
  await using early = await startFound(dns);
  await early.line("DNS names no worker");
  dns.targets = [at(worker)];
  await using later = await startFound(dns);
  const jobId = await later.submit();
  early.passes(1_000);
  expect(await stateOf(early, jobId)).toMatchObject({ http: 200, status: "queued" });
});

test("an answer is good for its TTL, even when it is asked for oftener, and not for what it lacks", async () => {
  await using one = await startFakeWorker();
  await using two = await startFakeWorker();
  await using dns = await srvServer(name, { ttlSeconds: 3_600 });
  dns.targets = [at(one)];
  await using service = await startFound(dns);
  expect(await addressesOf(service)).toEqual([at(one)]);
  dns.targets = [at(one), at(two)];
  service.passes(5_000);
  expect(await addressesOf(service)).toEqual([at(one)]);
  expect(dns.questions).toHaveLength(1);
  await service.submit();
  await service.submit();
  service.passes(5_000);
  expect(await addressesOf(service)).toEqual([at(one), at(two)].sort());
});

test("while a job runs DNS is asked without any request", async () => {
  await using worker = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.targets = [at(worker)];
  await using service = await startFound(dns);
  const jobId = await service.submit();
  const asked = dns.questions.length;
  await eventually(() => dns.questions.length > asked + 1, "DNS is asked again and again");
  worker.tell(jobId, { status: "completed" });
});

test("targets elsewhere are refused with the reason, and are never connected to", async () => {
  await using worker = await startFakeWorker();
  await using foreign = await startFakeWorker();
  await using dns = await srvServer(name);
  dns.targets = [at(worker), `127.0.0.1:${foreign.port}`, `badlocalhost:${foreign.port}`, "sub.localhost:1"];
  await using service = await startFound(dns);
  expect(await addressesOf(service)).toEqual([at(worker)]);
  const refused = service.said.filter(({ msg }) => msg === "a worker that DNS names is refused");
  expect(refused.map(({ srv, target, reason }) => [srv, target, reason])).toEqual([
    [srv, `127.0.0.1:${foreign.port}`, "it is not below localhost"],
    [srv, `badlocalhost:${foreign.port}`, "it is not below localhost"],
    [srv, "sub.localhost:1", "it is beyond loopback without TLS"],
  ]);
  service.passes(5_000);
  await service.get("/workers/status");
  expect(service.said.filter(({ msg }) => msg === "a worker that DNS names is refused")).toHaveLength(3);
  expect(foreign.state.questions).toBe(0);
});

test("more workers than fit into a datagram are all found, beside a fixed address that is also among them", async () => {
  await using worker = await startFakeWorker();
  await using dns = await srvServer(name);
  const found = Array.from({ length: 40 }, (_, at) => `worker-${at}.localhost:50051`);
  dns.targets = [...found, at(worker)];
  await using service = await startFound(dns, { workers: [at(worker), srv], config: { allowsPlaintext: true } });
  const report = await jsonOf(await service.get("/workers/status?wake=false"));
  const addresses = report.workers.map(({ address }: { address: string }) => address);
  expect(addresses).toEqual([at(worker), ...found.sort()]);
});
