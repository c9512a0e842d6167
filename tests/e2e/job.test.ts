import { afterAll, beforeAll, expect, test } from "bun:test";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip } from "#tests/support/clips.ts";
import {
  freePort,
  jobsFolder,
  leftIn,
  type Process,
  startControlplane,
  startWorker,
} from "#tests/support/processes.ts";
import { client, eventually, ffprobe, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let api: ReturnType<typeof client>;
let sources: ReturnType<typeof serveFiles>;
let home: string;
let worker: Process;
const port = await freePort();

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 2, size: "320x180" }) }));
  worker = stack.use(await startWorker({ port, home }));
  api = client(stack.use(await startControlplane([port])).url);
});
afterAll(() => stack.disposeAsync());

test("a posted URL becomes a playable file in storage, with progress on the way", async () => {
  const posted = await api.post({ input_url: sources.url("clip.mp4"), preset: "240p_fast" });
  expect(posted.status).toBe(202);
  const { job_id, stream_url } = posted.body;
  expect(posted.headers.get("location")).toBe(`/api/v1/jobs/${job_id}`);
  expect(stream_url).toBe(`/api/v1/jobs/${job_id}/stream`);

  const events = await api.events(job_id);
  expect([...new Set(events.map((event) => event.status))]).toEqual(["queued", "processing", "uploading", "completed"]);
  const sequences = events.map((event) => event.sequence);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  const last = events.at(-1);
  expect(last).toMatchObject({
    job_id,
    attempt: 1,
    progress: 100,
    output_type: "single",
    files_uploaded: 1,
    files_total: 1,
  });

  const output = fileURLToPath(last?.output_url ?? "");
  expect(output).toBe(join(home, "out", "outputs", `${job_id}.mp4`));
  const { video, audio, duration } = await ffprobe(output);
  expect(video).toMatchObject({ codec_name: "h264", width: 320, height: 180, pix_fmt: "yuv420p" });
  expect(audio).toMatchObject({ codec_name: "aac" });
  expect(Math.abs(duration - 2)).toBeLessThan(0.2);
  const bytes = Buffer.from(await Bun.file(output).arrayBuffer());
  expect(bytes.indexOf("moov")).toBeLessThan(bytes.indexOf("mdat"));

  expect((await api.job(job_id)).body).toMatchObject({ job_id, status: "completed", output_url: last?.output_url });
});

test("an ended job leaves its record in storage, without the secrets of its URL, and nothing on the worker", async () => {
  const input_url = `${sources.url("clip.mp4")}?signature=very-secret`;
  const { body } = await api.post({ input_url, preset: "tiny", output: { path: "films/a b/日本.mp4" } });
  await api.events(body["job_id"]);
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "work directory empty");

  const files = await filesIn(join(home, "out"));
  expect(files).toContain("films/a b/日本.mp4");
  const record = files.find((file) => file.endsWith(`${body["job_id"]}.json`)) ?? "";
  expect(record).toStartWith(`.flux/jobs/${new Date().toISOString().slice(0, 10)}/`);
  const text = await Bun.file(join(home, "out", record)).text();
  expect(text).toContain('"completed"');
  expect(text).not.toContain("very-secret");
  expect(worker.said.join("\n")).not.toContain("very-secret");
});

test("who comes back to an ended stream is told that there is nothing more", async () => {
  const { body } = await api.post({ input_url: sources.url("clip.mp4"), preset: "tiny" });
  const last = (await api.events(body["job_id"])).at(-1);
  const again = await api.ask(`/jobs/${body["job_id"]}/stream`, {
    headers: { "last-event-id": String(last?.sequence) },
  });
  expect(again.status).toBe(204);
});

test("presets, workers and jobs are listed", async () => {
  const presets = (await api.ask("/presets")).body["presets"];
  expect(presets).toContainEqual(
    expect.objectContaining({
      ...{ name: "720p_h264", output_type: "single", extension: "mp4", group: "video", container: "mp4" },
      renditions: [
        { kind: "video", codec: "h264", size: 720, max_bit_rate: 3_000_000 },
        { kind: "audio", codec: "aac", max_bit_rate: 128_000 },
      ],
    }),
  );
  const { workers } = (await api.ask("/workers/status")).body as { workers: unknown[] };
  expect(workers).toEqual([
    expect.objectContaining({ reachable: true, current_jobs: 0, draining: false, cpus: availableParallelism() }),
  ]);
  const [{ machine_memory, disk_free, disk_total, ffmpeg_version }] = workers as [Record<string, number | string>];
  expect(Number(machine_memory)).toBeGreaterThan(2 ** 20);
  expect(Number(disk_free)).toBeGreaterThan(0);
  expect(Number(disk_total)).toBeGreaterThanOrEqual(Number(disk_free));
  expect(Bun.spawnSync(["ffmpeg", "-version"]).stdout.toString()).toStartWith(`ffmpeg version ${ffmpeg_version} `);

  const { body } = await api.post({ input_url: sources.url("clip.mp4"), preset: "tiny" });
  await api.events(body["job_id"]);
  const { jobs } = (await api.ask("/jobs?limit=1")).body as { jobs: unknown[] };
  expect(jobs).toEqual([expect.objectContaining({ job_id: body["job_id"], status: "completed" })]);
  const found = async (query: string) => (await api.ask(`/jobs?limit=1&${query}`)).body["jobs"];
  for (const query of ["source=CLIP&preset=tiny&status=completed", "tenant=", "since=2026-01-01"])
    expect([query, await found(query)]).toEqual([query, jobs]);
  for (const query of ["source=clop", "preset=720p_h264", "status=failed", "until=2026-01-01", "tenant=other"])
    expect([query, await found(query)]).toEqual([query, []]);
});
