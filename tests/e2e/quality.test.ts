import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventJson } from "#shared/job/event.ts";
import { clip } from "#tests/support/clips.ts";
import { asFfmpeg, ffmpegWithout, pathWith } from "#tests/support/other-programs.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { measurable, scoreByHand } from "#tests/support/quality.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

/** SSIM, and VMAF where the ffmpeg of these tests can measure that. */
const [metric = "ssim", ...less] = (await measurable()).toReversed();
const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let source: string;
let home: string;
let service: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  source = await clip({ seconds: 3 });
  sources = stack.use(serveFiles({ "clip.mp4": source }));
  service = stack.use(await startService());
});
afterAll(() => stack.disposeAsync());

const ladder = (measure: "vmaf" | "ssim") => ({
  ...{ input_url: sources.url("clip.mp4"), preset: "hls_tiny", measure },
});

/** The files of outputs in a folder of the storage. */
const shownIn = async (folder: string) =>
  (await filesIn(join(home, "out"))).filter((name) => name.startsWith(`${folder}/`));

async function startService(env: Record<string, unknown> = {}) {
  const parts = new AsyncDisposableStack();
  const port = await freePort();
  parts.use(await startWorker({ port, home, ...env }));
  const controlplane = parts.use(await startControlplane([port]));
  return { api: client(controlplane.url), port, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

test("the quality of a ladder is measured before it is shown, and told wherever the job is told of", async () => {
  const { api } = service;
  const { job_id } = (await api.post({ ...ladder(metric), output: { path: "films/a/" } })).body;
  const events = await api.events(job_id);
  const last = events.at(-1) as EventJson;
  expect(last).toMatchObject({ status: "completed", quality: { metric } });
  const statuses = events.map(({ status, message = "" }) =>
    message.startsWith("Measuring quality") ? "measuring" : status,
  );
  expect(statuses.indexOf("measuring")).toBeGreaterThan(0);
  expect(statuses.lastIndexOf("measuring")).toBeLessThan(statuses.indexOf("uploading"));

  const entry = fileURLToPath(last.output_url ?? "");
  const renditions = last.quality?.renditions ?? [];
  for (const [at, scale] of ["160:90", "106:60"].entries()) {
    const { path = "", mean, scores, worst } = renditions[at] ?? {};
    const playlist = join(entry, "..", path);
    expect(mean).toBeCloseTo(await scoreByHand(metric, playlist, source, `scale=${scale}`), 2);
    expect(scores).toHaveLength(72);
    expect(worst?.duration_seconds).toBe(2);
  }
  const pictures = last.outputs?.renditions.filter(({ kind }) => kind === "video") ?? [];
  expect(renditions.map(({ path }) => path)).toEqual(pictures.map(({ path }) => path));
  expect(renditions).toHaveLength(2);

  expect(last.receipt?.measure_cpu_seconds).toBeGreaterThan(0);
  expect(last.receipt?.measure_cpu_seconds).toBeLessThan(last.receipt?.cpu_seconds ?? 0);
  const shown = (await api.job(job_id)).body;
  expect({ quality: shown["quality"], receipt: shown["receipt"] }).toEqual({
    quality: last.quality,
    receipt: last.receipt,
  });
  const listed = ((await api.ask("/jobs")).body["jobs"] as EventJson[]).find((job) => job.job_id === job_id);
  expect(listed?.quality?.renditions[0]).toMatchObject({ mean: renditions[0]?.mean });
  expect(listed?.quality?.renditions[0]).not.toHaveProperty("scores");
  const recorded = async () => (await filesIn(home)).find((name) => name.endsWith(`${job_id}.json`));
  await eventually(async () => (await recorded()) !== undefined, "it is recorded");
  expect((await shownIn("films")).filter((name) => name.includes("quality"))).toEqual([]);
});

test("an order that cannot be measured is refused by the field that is to blame", async () => {
  const wrong = { measure: { output: { publish: "progressive" } }, preset: { preset: "hls_locked" } };
  for (const [field, more] of Object.entries(wrong)) {
    const { status, body } = await service.api.post({ ...ladder("ssim"), ...more });
    expect({ status, errors: body["errors"] }).toMatchObject({ status: 400, errors: [{ field }] });
  }
});

/** An ffmpeg that encodes and then never gets on with measuring. */
const stuck = () => pathWith(home, "ffmpeg", `case "$*" in *ssim=*) exec sleep 600 ;; esac; ${asFfmpeg}`);

test("a job that is cancelled while it is measured ends, and shows nothing", async () => {
  await using stuckService = await startService({ SANDBOX: "none", PATH: await stuck() });
  const { api } = stuckService;
  const { job_id } = (await api.post({ ...ladder("ssim"), output: { path: "cancelled/" } })).body;
  await api.until(job_id, ({ message = "" }) => message.startsWith("Measuring quality"));
  expect((await api.cancel(job_id)).status).toBe(202);
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "cancelled" });
  await eventually(async () => (await shownIn("cancelled")).length === 0, "nothing is left of it");
});

test("measuring that does not get on ends the job", async () => {
  await using stuckService = await startService({ SANDBOX: "none", PATH: await stuck(), STALL_TIMEOUT: "1s" });
  const { job_id } = (await stuckService.api.post({ ...ladder("ssim"), output: { path: "stuck/" } })).body;
  const message = "the quality of stream_0.m3u8 cannot be measured: no progress for 1 s";
  expect((await stuckService.api.events(job_id)).at(-1)).toMatchObject({ error: { kind: "encode_failed", message } });
  expect(await shownIn("stuck")).toEqual([]);
});

test("a worker whose ffmpeg has no libvmaf leaves an order for VMAF to one that has it", async () => {
  const without = await startService({ PATH: await pathWith(home, "ffmpeg", ffmpegWithout("libvmaf")) });
  await using _without = without;
  const refused = await without.api.post(ladder("vmaf"));
  expect({ ...refused, errors: refused.body["errors"] }).toMatchObject({ status: 400, errors: [{ field: "measure" }] });
  expect(refused.body["detail"]).toContain("give one an ffmpeg that is built with libvmaf, or use ssim");
  if (less.length === 0) return;
  await using both = await startControlplane([without.port, service.port]);
  const api = client(both.url);
  for (const path of ["either/1/", "either/2/"]) {
    const { job_id } = (await api.post({ ...ladder("vmaf"), output: { path } })).body;
    expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed", quality: { metric: "vmaf" } });
  }
});
