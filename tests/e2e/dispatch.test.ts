import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { smallDisk } from "#tests/faults/small-disk.ts";
import { startBootFront } from "#tests/support/boot-front.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import { toolPath } from "#tests/support/tools.ts";

const stack = new AsyncDisposableStack();
let order: (preset: string) => object;
let home: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 3 }) }));
  order = (preset) => ({ input_url: sources.url("clip.mp4"), preset });
});
afterAll(() => stack.disposeAsync());

test("a job posted while no worker runs is taken as soon as one starts", async () => {
  const port = await freePort();
  await using door = await startTcpProxy(port);
  door.set({ how: "refused" });
  await using controlplane = await startControlplane([door.port]);
  const posting = client(controlplane.url).post(order("tiny"));
  await eventually(() => door.struck > 0, "the control plane looks for a worker");
  await using _worker = await startWorker({ port, home });
  door.mend();
  expect((await posting).status).toBe(202);
});

test("when every worker is full the client is told to come back later, and when none answers, that none does", async () => {
  const port = await freePort();
  const worker = await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1" });
  await using controlplane = await startControlplane([port, await freePort()], {
    WORKER_STARTUP_TIMEOUT: atLeast(500),
  });
  const api = client(controlplane.url);
  const first = await api.post(order("slow"));
  expect(first.status).toBe(202);
  const full = await api.post(order("slow"));
  expect(full).toMatchObject({ status: 503, body: { kind: "busy" } });
  expect(Number(full.headers.get("retry-after"))).toBeGreaterThan(0);

  await worker[Symbol.asyncDispose]();
  expect(await api.post(order("slow"))).toMatchObject({ status: 503, body: { kind: "unreachable" } });
});

test.skipIf(!toolPath("prlimit"))("a worker that may open no more files is busy until it may", async () => {
  const port = await freePort();
  await using worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port], { WORKER_STARTUP_TIMEOUT: "60s" });
  const api = client(controlplane.url);
  const { job_id } = (await api.post(order("tiny"))).body;
  await api.events(job_id);

  await mayOpen(worker.pid, 1);
  const refused = await api.post(order("tiny"));
  expect(refused).toMatchObject({ status: 503, body: { kind: "busy" } });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(worker.said.join("\n")).toContain("EMFILE");

  await mayOpen(worker.pid, 500);
  expect(await api.post(order("tiny"))).toMatchObject({ status: 202 });
});

const mayOpen = (pid: number, files: number) =>
  Bun.spawn(["prlimit", "--pid", String(pid), `--nofile=${files}:`], { stdio: ["ignore", "inherit", "inherit"] })
    .exited;

test("a worker whose disk is full is busy until there is room", async () => {
  await using disk = await smallDisk(join(home, "small"));
  if (!disk) return;
  const port = await freePort();
  await using worker = await startWorker({ port, home, WORK_DIR: disk.path, MIN_FREE_DISK: "1MiB" });
  await using controlplane = await startControlplane([port], { WORKER_STARTUP_TIMEOUT: "60s" });
  const api = client(controlplane.url);

  await disk.fill();
  const refused = await api.post(order("tiny"));
  expect(refused).toMatchObject({ status: 503, body: { kind: "busy" } });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(worker.said.join("\n")).toContain("ENOSPC");

  await disk.free();
  const { status, body } = await api.post(order("tiny"));
  expect(status).toBe(202);
  expect((await api.events(body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
});

test("a dead worker does not keep a job from one that is alive, nor is it asked again by the next", async () => {
  const [dead, alive] = [await freePort(), await freePort()];
  await using _worker = await startWorker({ port: alive, home, MAX_CONCURRENT_JOBS: "9" });
  await using controlplane = await startControlplane([dead, alive], { WORKER_STARTUP_TIMEOUT: "60s" });
  const api = client(controlplane.url);
  for (const _ of [1, 2, 3]) expect((await api.post(order("tiny"))).status).toBe(202);
});

test("behind fronts that accept connections for sleeping machines an order starts one machine, and the next as well", async () => {
  await using machines = new AsyncDisposableStack();
  const fronts = [await startBootFront(await freePort()), await startBootFront(await freePort())];
  for (const front of fronts) machines.use(front);
  await using controlplane = await startControlplane(
    fronts.map(({ address }) => Number(address.split(":")[1])),
    { WORKER_STARTUP_TIMEOUT: "600s" },
  );
  const api = client(controlplane.url);
  const woken = () => fronts.filter((front) => front.isWoken());
  const boot = async (front: (typeof fronts)[number] | undefined) => {
    if (!front) return;
    machines.use(await startWorker({ port: front.port, home, MAX_CONCURRENT_JOBS: "1" }));
    front.boot();
  };

  const first = api.post(order("slow"));
  await eventually(() => woken().length > 0, "a machine is started");
  const [one] = woken();
  expect((await api.ask("/workers/status?wake=false")).body["workers"]).toContainEqual({
    address: one?.address,
    reachable: false,
    starting: true,
  });
  await boot(one);
  expect(await first).toMatchObject({ status: 202 });
  expect(woken()).toEqual(one ? [one] : []);

  const second = api.post(order("tiny"));
  await eventually(() => woken().length === 2, "the full one does not do for the second order");
  await boot(fronts.find((front) => front !== one));
  const posted = await second;
  expect(posted.status).toBe(202);
  expect((await api.events(posted.body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
});

test("a worker stops by itself after its last job, and after a while without one", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const autoStop = { AUTO_STOP: "true", IDLE_GRACE: "200ms" };

  const used = await startWorker({ port, home, ...autoStop, IDLE_TIMEOUT: "60s" });
  const { job_id } = (await api.post(order("tiny"))).body;
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
  expect(await used.exited).toBe(0);

  const unused = await startWorker({ port, home, ...autoStop, IDLE_TIMEOUT: "200ms" });
  expect(await unused.exited).toBe(0);
});

test("a finished job is answered for without waking its worker", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port], { RECORD_STORAGE: "local", LOCAL_ROOT: `${home}/out` });
  const api = client(controlplane.url);
  const worker = await startWorker({ port, home, AUTO_STOP: "true", IDLE_GRACE: "100ms" });
  const { job_id } = (await api.post(order("tiny"))).body;
  const last = (await api.events(job_id)).at(-1);
  await worker.exited;

  await using fresh = await startControlplane([port], { RECORD_STORAGE: "local", LOCAL_ROOT: `${home}/out` });
  expect((await client(fresh.url).job(job_id)).body).toMatchObject({ ...last });
  expect((await client(fresh.url).ask("/workers/status?wake=false")).body).toMatchObject({
    workers: [{ asleep: true, reachable: false }],
  });
});

test("a job posted at the moment a worker stops itself is not lost", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port], { WORKER_STARTUP_TIMEOUT: "20s" });
  const api = client(controlplane.url);
  const env = { port, home, AUTO_STOP: "true", IDLE_GRACE: "1ms", IDLE_TIMEOUT: "30s" };
  const stack = new AsyncDisposableStack();
  const supervised = new AbortController();
  // What a platform does: it starts the worker whenever it has stopped.
  const supervising = (async () => {
    while (!supervised.signal.aborted) {
      await using worker = await startWorker(env);
      await Promise.race([worker.exited, new Promise((done) => supervised.signal.addEventListener("abort", done))]);
    }
  })();
  for (let round = 0; round < 8; round += 1) {
    const posted = await api.post(order("tiny"));
    expect(posted.status).toBe(202);
    expect((await api.events(posted.body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
  }
  supervised.abort();
  await supervising;
  await stack.disposeAsync();
});

test("every line that a search for a worker leaves names the request or the job, and silence has no stack", async () => {
  const [port, dead] = [await freePort(), await freePort()];
  await using worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port, dead], { WORKER_STARTUP_TIMEOUT: "300ms" });
  const api = client(controlplane.url);
  await api.events((await api.post(order("tiny"))).body["job_id"]);
  worker.kill("SIGSTOP");
  const began = controlplane.said.length;
  expect(await api.post(order("tiny"))).toMatchObject({ status: 503, body: { kind: "unreachable" } });
  worker.kill("SIGCONT");

  const lines = controlplane.said.slice(began).map((line) => JSON.parse(line));
  const said = lines.map(({ msg }) => msg);
  expect(said).toContain("a worker does not tell how it is");
  expect(said).toContain("no worker that has just answered takes the job: waking others");
  expect(lines.filter(({ request_id, job_id }) => !request_id && !job_id)).toEqual([]);
  expect(lines.filter(({ err }) => err)).toEqual([]);
});
