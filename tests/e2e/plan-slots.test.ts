import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { clip } from "#tests/support/clips.ts";
import { startFormerLink } from "#tests/support/former-link.ts";
import { heldSources } from "#tests/support/held-sources.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let home: string;
let sources: ReturnType<typeof heldSources>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(heldSources(await clip({ seconds: 1 })));
});
afterAll(() => stack.disposeAsync());

type Asked = { headers?: Record<string, string>; signal?: AbortSignal };
const order = (name: string) => ({ input_url: sources.url(name), preset: "tiny" });
const planAt = (url: string, name: string, { headers, signal }: Asked = {}) =>
  client(url).ask("/plan", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(order(name)),
    ...(signal && { signal }),
  });

/** A worker with one slot before a control plane. */
async function startFarm(env: Record<string, string> = {}) {
  const own = new AsyncDisposableStack();
  const port = await freePort();
  const startOne = async () => own.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "1" }));
  const worker = await startOne();
  const { url } = own.use(await startControlplane([port], env));
  const slotsInUse = async () => {
    const { workers } = (await client(url).ask("/workers/status")).body as { workers: { current_jobs: number }[] };
    return workers[0]?.current_jobs;
  };
  const left = () => leftIn(jobsFolder(home, port));
  return {
    ...{ url, api: client(url), worker, startOne, left },
    /** Begins a plan whose source does not come, and resolves once it has the slot. */
    async held(name: string, signal?: AbortSignal) {
      const answer = planAt(url, name, signal && { signal });
      answer.catch(() => {});
      await eventually(async () => (await left()).some((folder) => folder.includes("plan")), "the plan is under way");
      return { answer };
    },
    nothingIsLeft: () =>
      eventually(async () => (await slotsInUse()) === 0 && (await left()).length === 0, "nothing of it is left"),
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}

test("a plan has the slot of a job, and waits for none", async () => {
  await using farm = await startFarm();
  const { answer } = await farm.held("first");
  expect(await farm.api.post(order("second"))).toMatchObject({ status: 503, body: { kind: "busy" } });
  expect(await planAt(farm.url, "second")).toMatchObject({ status: 503, body: { kind: "busy" } });
  sources.release("first");
  expect(await answer).toMatchObject({ status: 200, body: { presets: [{ preset: "tiny" }] } });
  await farm.nothingIsLeft();

  const { job_id } = (await farm.api.post(order("third"))).body;
  expect(await planAt(farm.url, "fourth")).toMatchObject({ status: 503, body: { kind: "busy" } });
  sources.release("third");
  expect((await farm.api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
});

test("a plan ends with its client, and is not made again for one that is lost with its worker", async () => {
  await using farm = await startFarm();
  const leaving = new AbortController();
  await farm.held("left", leaving.signal);
  leaving.abort();
  await farm.nothingIsLeft();

  const { answer } = await farm.held("killed");
  farm.worker.kill("SIGKILL");
  expect(await answer).toMatchObject({
    status: 503,
    body: { kind: "unreachable", detail: expect.stringContaining("examined the source") },
  });
  expect(await farm.left()).not.toEqual([]);
  await farm.startOne();
  expect(await farm.left()).toEqual([]);
});

test("a plan does not come before orders that wait, and what waits for its slot has it next", async () => {
  const records = { RECORD_STORAGE: "local", LOCAL_ROOT: join(home, "out") };
  await using farm = await startFarm({ ...records, QUEUE_URL: `sqlite:${join(home, "queue.sqlite")}` });
  const { answer } = await farm.held("ahead");
  sources.release("waiting");
  const { body } = await farm.api.post(order("waiting"));
  expect(body).toMatchObject({ status: "queued", position: 1 });
  const refused = await planAt(farm.url, "behind");
  expect(refused).toMatchObject({
    status: 503,
    body: { detail: expect.stringContaining("does not come before them") },
  });
  sources.release("ahead", "behind");
  expect(await answer).toMatchObject({ status: 200 });
  expect((await farm.api.events(body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
  expect(await planAt(farm.url, "behind")).toMatchObject({ status: 200 });
});

test("a plan needs what an order needs of its client, and counts as one of its jobs", async () => {
  const file = join(home, "keys.json");
  const keyOf = (scope: string) => `a-key-with-${scope}-0123`;
  const entry = (scope: string) => ({
    tenant: "acme",
    name: scope.replace(":", "-"),
    scopes: [scope],
    hash: hashOf(keyOf(scope)),
  });
  await Bun.write(file, JSON.stringify(["jobs:read", "jobs:write"].map(entry)));
  await using farm = await startFarm({ API_KEYS_FILE: file, MAX_JOBS_PER_CLIENT: "1", HOST: "127.0.0.1" });
  const as = (scope: string) => ({ headers: { authorization: `Bearer ${keyOf(scope)}` } });
  expect(await planAt(farm.url, "any")).toMatchObject({ status: 401 });
  expect(await planAt(farm.url, "any", as("jobs:read"))).toMatchObject({ status: 403 });
  const first = planAt(farm.url, "limited", as("jobs:write"));
  await eventually(async () => (await farm.left()).length > 0, "the first is under way");
  expect(await planAt(farm.url, "any", as("jobs:write"))).toMatchObject({ status: 429 });
  sources.release("limited");
  expect(await first).toMatchObject({ status: 200 });
});

test("that no worker knows plans is said by name", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home });
  using link = await startFormerLink(port);
  await using controlplane = await startControlplane([link.port]);
  expect(await planAt(controlplane.url, "any")).toMatchObject({
    status: 503,
    body: { kind: "unreachable", detail: expect.stringContaining("former version") },
  });
});
