import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { folderReader } from "#tests/support/reader.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let home: string;
let api: ReturnType<typeof client>;
let order: (path: string, source: "short" | "long", output?: object) => object;

// Two workers, so that nothing in one of them could keep the jobs apart.
beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const [short, long] = await Promise.all([clip({ seconds: 2 }), clip({ seconds: 5, size: "320x180" })]);
  const sources = stack.use(serveFiles({ short, long }));
  const ports = [await freePort(), await freePort()];
  for (const port of ports) stack.use(await startWorker({ port, home, MAX_CONCURRENT_JOBS: "3" }));
  api = client(stack.use(await startControlplane(ports)).url);
  order = (path, source, output) => ({
    input_url: sources.url(source),
    preset: "hls_slow",
    output: { path, ...output },
  });
});
afterAll(() => stack.disposeAsync());

const begun = ({ files_uploaded = 0 }) => files_uploaded > 0;
const files = (name: string) => filesIn(join(home, "out", name));
const reader = () => folderReader(join(home, "out"));

test.concurrent("of two jobs for one path the one that ends first has it, whole and unmixed", async () => {
  const { job_id: slow } = (await api.post(order("one/", "long"))).body;
  await api.until(slow, begun);
  const { job_id: quick } = (await api.post(order("one/", "short"))).body;

  const ends = await Promise.all([slow, quick].map(async (id) => (await api.events(id)).at(-1)));
  // The other one may be refused, and say so, before the first has written its record.
  const first = ends.find((end) => end?.status === "completed");
  const second = ends.find((end) => end !== first);
  expect(first).toMatchObject({ status: "completed" });
  expect(second).toMatchObject({ status: "failed", error: { kind: "conflict" } });
  const { named, missing } = await reader().all("one/");
  expect(missing).toEqual([]);
  // The job that was first at the path lays its media beside the entry, the other in a folder of its own.
  const beside = first?.job_id === slow ? "one/" : `one/${String(quick).slice(-6)}-1/`;
  expect(named.map((key) => key.slice(0, key.lastIndexOf("/") + 1))).toEqual(named.map(() => beside));
  expect((await files("one")).map((name) => `one/${name}`)).toEqual([...named, "one/playlist.m3u8"].sort());
});

test.concurrent("a name that was shown is not used again, even after it was removed", async () => {
  const { job_id } = (await api.post(order("two/", "long", { publish: "progressive" }))).body;
  await api.until(job_id, begun);
  await api.cancel(job_id);
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "cancelled" });
  expect(await files("two")).toEqual([]);

  const { job_id: next } = (await api.post(order("two/", "short"))).body;
  expect((await api.events(next)).at(-1)).toMatchObject({ status: "completed" });
  expect(await files("two")).toContain(`${String(next).slice(-6)}-1/segment_000.ts`);
  expect(await files("two")).not.toContain("segment_000.ts");
});

test.concurrent("a growing output does not replace one that came before it", async () => {
  const { job_id: atomic } = (await api.post(order("three/", "short"))).body;
  const { job_id: growing } = (await api.post(order("three/", "long", { publish: "progressive" }))).body;
  const ends = await Promise.all([atomic, growing].map(async (id) => (await api.events(id)).at(-1)));
  expect(ends.map((end) => end?.status).sort()).toEqual(["completed", "failed"]);
  expect((await reader().all("three/")).missing).toEqual([]);
});
