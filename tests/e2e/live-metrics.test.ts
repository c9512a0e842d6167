import { expect, test } from "bun:test";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";

test("while a job runs the metrics tell what its ffmpeg takes now, and how the worker is", async () => {
  await using home = await temporaryFolder();
  await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 4 }) });
  const port = await freePort();
  await using _worker = await startWorker({ port, home: home.path });
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const metrics = async () => {
    const text = await (await fetch(`${controlplane.url}/metrics`)).text();
    const values = text.matchAll(/^flux_worker_(\w+)\{worker="127\.0\.0\.1:\d+"\} (\S+)$/gm);
    return Object.fromEntries([...values].map(([, name, value]) => [name, Number(value)]));
  };

  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  await api.until(job_id, ({ progress = 0 }) => progress > 0);
  let seen: Record<string, number> = {};
  await eventually(async () => {
    seen = await metrics();
    return (seen["ffmpeg_cores"] ?? 0) > 0;
  }, "ffmpeg is seen at work");
  expect(seen["ffmpeg_processes"]).toBe(1);
  // Less than ffmpeg has is a sandbox's.
  expect(seen["ffmpeg_memory_bytes"]).toBeGreaterThan(20 * 2 ** 20);
  expect(seen["load"]).toBeGreaterThanOrEqual(0);
  expect(seen["memory_bytes"]).toBeGreaterThan(20 * 2 ** 20);
  expect(seen["jobs_running"]).toBe(1);

  await api.cancel(job_id);
  await eventually(async () => (await metrics())["jobs_running"] === 0, "the job has ended");
  expect(await metrics()).toMatchObject({ ffmpeg_processes: 0, ffmpeg_memory_bytes: 0, ffmpeg_cores: 0 });
});
