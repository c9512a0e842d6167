import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { folderReader, type Reader, s3Reader, watchPlaylists } from "#tests/support/reader.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;
let s3: Awaited<ReturnType<typeof startS3Server>>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  s3 = stack.use(await startS3Server());
  const [short, long] = await Promise.all([clip({ seconds: 3 }), clip({ seconds: 6, size: "320x180" })]);
  sources = stack.use(serveFiles({ "short.mp4": short, "long.mp4": long }));
});
afterAll(() => stack.disposeAsync());

/** A worker of its own and a control plane before it. */
async function service(env: Record<string, string> = {}) {
  const port = await freePort();
  const settings = { port, home, ...s3.env, RECORD_STORAGE: "local", ...env };
  const worker = stack.use(await startWorker(settings));
  const api = client(stack.use(await startControlplane([port])).url);
  const again = async () => stack.use(await startWorker(settings));
  return { api, worker, again, workDir: join(home, `work-${port}`) };
}

const places: [string, () => Reader, string][] = [
  ["local", () => folderReader(join(home, "out")), "hls_slow_fmp4"],
  ["s3", () => s3Reader(s3), "hls_slow"],
];

test.each(places)("a ladder in %s is whole, and its media were there before what names them", async (storage, open) => {
  const { api } = await service();
  const order = { input_url: sources.url("short.mp4"), preset: "hls_tiny", output: { storage, path: "films/whole/" } };
  const { job_id } = (await api.post(order)).body;
  const last = (await api.events(job_id)).at(-1);
  expect(last).toMatchObject({ status: "completed", output_type: "hls" });
  expect(last?.output_url).toEndWith("films/whole/master.m3u8");

  const { keys, missing, text } = await open().all("films/whole/");
  expect(missing).toEqual([]);
  expect(keys).toContain("films/whole/master.m3u8");
  expect(keys).toContain("films/whole/segment_0_000.ts");
  expect(last?.files_uploaded).toBe(keys.length);
  expect(text("films/whole/stream_0.m3u8")).toContain("#EXT-X-PLAYLIST-TYPE:VOD");
  expect(text("films/whole/stream_0.m3u8")).toContain("#EXT-X-ENDLIST");
});

test.each(places)(
  "segments reach %s while the encode runs, and a playlist that grows is never ahead of them",
  async (storage, open, preset) => {
    const { api, workDir } = await service();
    const path = `films/growing-${storage}/`;
    const output = { storage, path, publish: "progressive" };
    const { job_id } = (await api.post({ input_url: sources.url("long.mp4"), preset, output })).body;
    await using watching = watchPlaylists(open(), path);

    const early = await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 2);
    expect(early.status).toBe("processing");
    await eventually(
      () => watching.seen().some((text) => text.includes("#EXT-X-PLAYLIST-TYPE:EVENT")),
      "a growing playlist",
    );
    const onDisk = await readdir(join(workDir, String(job_id), "output"));
    expect(onDisk).not.toContain("segment_000.ts");
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
    expect(watching.broken()).toEqual([]);
    expect((await open().all(path)).missing).toEqual([]);
  },
);

test("a worker that is killed while it delivers leaves no playlist that names what is missing, then or later", async () => {
  const { api, worker, again } = await service();
  const path = "films/killed/";
  const output = { storage: "s3", path, publish: "progressive" };
  const { job_id } = (await api.post({ input_url: sources.url("long.mp4"), preset: "hls_slow", output })).body;
  await using watching = watchPlaylists(s3Reader(s3), path);
  await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 4);
  worker.kill("SIGKILL");
  await worker.exited;
  await again();

  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed", attempt: 2 });
  expect(watching.broken()).toEqual([]);
  const { keys, missing, text } = await s3Reader(s3).all(path);
  expect(missing).toEqual([]);
  const generation = `${String(job_id).slice(-6)}-2/`;
  expect(text(`${path}playlist.m3u8`)).toContain(generation);
  expect(keys.filter((key) => !key.startsWith(path + generation))).toEqual([`${path}playlist.m3u8`]);
});

test.each(["cancel", "failure"])("a %s in the middle leaves no object behind", async (how) => {
  const { api } = await service(how === "failure" ? { STALL_TIMEOUT: "1ms" } : {});
  const path = `films/${how}/`;
  const output = { storage: "s3", path, publish: "progressive" };
  const { job_id } = (await api.post({ input_url: sources.url("long.mp4"), preset: "hls_slow", output })).body;
  if (how === "cancel") {
    await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 2);
    await api.cancel(job_id);
  }
  expect((await api.events(job_id)).at(-1)?.status).toBe(how === "cancel" ? "cancelled" : "failed");
  expect((await s3Reader(s3).all(path)).keys).toEqual([]);
});

test("a destination that holds an output is refused, or given a new generation that readers of the old never meet", async () => {
  const { api } = await service();
  const order = {
    input_url: sources.url("short.mp4"),
    preset: "hls_tiny",
    output: { storage: "s3", path: "films/twice/" },
  };
  await api.events((await api.post(order)).body["job_id"]);
  const before = await s3Reader(s3).all("films/twice/");

  const refused = await api.post(order, { prefer: "wait" });
  expect(refused).toMatchObject({ status: 409, body: { kind: "conflict" } });
  expect((await s3Reader(s3).all("films/twice/")).keys).toEqual(before.keys);

  const over = { ...order, output: { ...order.output, overwrite: true } };
  const { job_id } = (await api.post(over)).body;
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed" });
  const after = await s3Reader(s3).all("films/twice/");
  expect(after.missing).toEqual([]);
  expect(after.keys).toEqual(expect.arrayContaining(before.keys));
  expect(after.text("films/twice/master.m3u8")).toContain(`${String(job_id).slice(-6)}-1/`);
});

test("an output whose delivery failed is kept, listed, and delivered by a retry without encoding again", async () => {
  await using proxy = await startBreakingProxy(s3.env.S3_ENDPOINT);
  const { api } = await service({ S3_ENDPOINT: proxy.url });
  proxy.break("forbidden", /PUT .*master\.m3u8/, 1_000);
  const output = { storage: "s3", path: "films/kept/" };
  const failed = await api.post(
    { input_url: sources.url("short.mp4"), preset: "hls_tiny", output },
    { prefer: "wait" },
  );
  expect(failed).toMatchObject({ status: 502, body: { kind: "delivery_failed" } });
  const jobId = failed.body["job_id"];
  const listed = (await api.ask("/jobs?kept=true")).body["jobs"];
  expect(listed).toEqual([expect.objectContaining({ job_id: jobId, status: "failed" })]);

  proxy.mend();
  const asked = sources.asked.length;
  const retried = await api.ask(`/jobs/${jobId}/retry`, { method: "POST", headers: { prefer: "wait" } });
  expect(retried).toMatchObject({ status: 200, body: { status: "completed" } });
  expect(sources.asked.length).toBe(asked);
  expect((await s3Reader(s3).all("films/kept/")).missing).toEqual([]);
  expect((await api.ask("/jobs?kept=true")).body["jobs"]).toEqual([]);
});
