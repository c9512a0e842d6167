import { afterAll, beforeAll, expect } from "bun:test";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventJson } from "#shared/job/event.ts";
import { clip } from "#tests/support/clips.ts";
import { asFfmpeg, pathWith } from "#tests/support/other-programs.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { testWithoutVmaf, testWithVmaf } from "#tests/support/quality.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 3 }) }));
});
afterAll(() => stack.disposeAsync());

async function startService(env: Record<string, unknown> = {}) {
  const parts = new AsyncDisposableStack();
  const port = await freePort();
  parts.use(await startWorker({ port, home, ...env }));
  const controlplane = parts.use(await startControlplane([port]));
  return { api: client(controlplane.url), [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

const aimed = (vmaf: number, path: string) => ({
  ...{ input_url: sources.url("clip.mp4"), preset: "hls_tiny", quality: { vmaf } },
  output: { path },
});

testWithoutVmaf("a worker whose ffmpeg has no libvmaf refuses an order that aims at a quality", async () => {
  await using service = await startService();
  const { status, body } = await service.api.post(aimed(90, "refused/"));
  expect({ status, errors: body["errors"] }).toMatchObject({ status: 400, errors: [{ field: "quality" }] });
});

testWithVmaf("an order's quality is found before the encode, reached, and told with the reason", async () => {
  await using service = await startService();
  const { api } = service;
  const { job_id } = (await api.post({ ...aimed(90, "films/a/"), measure: "vmaf" })).body;
  const events = await api.events(job_id);
  expect(events.some(({ message = "" }) => message.startsWith("Taking a sample of the film"))).toBe(true);
  const last = events.at(-1) as EventJson;
  expect(last).toMatchObject({
    status: "completed",
    quality: { metric: "vmaf", target: 90, target_metric: "vmaf", reached: true },
  });
  expect(last.quality?.reason).toContain("Of a sample of the film CRF");
  const [best, other] = last.quality?.renditions ?? [];
  expect(Math.abs((best?.mean ?? 0) - 90)).toBeLessThan(1);
  // Both CRFs of the preset are moved alike.
  expect((best?.crf ?? 0) - 40).toBeCloseTo((other?.crf ?? 0) - 40, 3);
  const folder = dirname(fileURLToPath(last.output_url ?? ""));
  const media = (await filesIn(folder)).find((name) => /segment_0_000\.ts$/.test(name)) ?? "";
  const [, written] = /crf=([\d.]+)/.exec(await Bun.file(join(folder, media)).text()) ?? [];
  expect(Number(written)).toBeCloseTo(best?.crf ?? 0, 3);

  const { aim_cpu_seconds: aim = 0, measure_cpu_seconds: measure = 0, cpu_seconds: all = 0 } = last.receipt ?? {};
  expect(aim).toBeGreaterThan(0);
  expect(aim + measure).toBeLessThan(all);
  expect((await api.job(job_id)).body).toMatchObject({ quality: last.quality, order: { quality: { vmaf: 90 } } });
  // The record of the order that was accepted is replaced once the job has ended.
  const recorded = async () => {
    const name = (await filesIn(home)).find((file) => file.endsWith(`${job_id}.json`)) ?? "";
    return (await Bun.file(join(home, name)).json()).event;
  };
  await eventually(async () => (await recorded()).status === "completed", "its end is recorded");
  expect(await recorded()).toMatchObject({ quality: last.quality });
});

const samples = async () => (await filesIn(home)).filter((name) => /\/sample\//.test(name));

testWithVmaf("a job that is cancelled or stands still while it aims ends, and leaves no sample", async () => {
  // A piece of the film that is begun and never ends.
  const script = `case "$*" in *-f\\ nut*) : >piece_00.nut; exec sleep 600 ;; esac; ${asFfmpeg}`;
  const stuck = { SANDBOX: "none", PATH: await pathWith(home, "ffmpeg", script) };
  await using service = await startService({ ...stuck, STALL_TIMEOUT: "1s" });
  const still = (await service.api.post(aimed(90, "stuck/"))).body["job_id"];
  const error = { kind: "encode_failed", message: "no progress for 1 s" };
  expect((await service.api.events(still)).at(-1)).toMatchObject({ status: "failed", error });

  await using patient = await startService(stuck);
  const cancelled = (await patient.api.post(aimed(90, "cancelled/"))).body["job_id"];
  await eventually(async () => (await samples()).length > 0, "a sample is begun");
  expect((await patient.api.cancel(cancelled)).status).toBe(202);
  expect((await patient.api.events(cancelled)).at(-1)).toMatchObject({ status: "cancelled" });
  await eventually(async () => (await samples()).length === 0, "nothing is left of it");
  expect((await filesIn(home)).filter((name) => /^out\/(stuck|cancelled)\//.test(name))).toEqual([]);
});
