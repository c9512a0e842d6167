import { clip } from "#tests/support/clips.ts";
import { client } from "#tests/support/service.ts";
import { type Figure, median, percentile } from "./figures.ts";
import { childAppears, descendantAppears, encodeAppears } from "./process.ts";
import { serveFile, startService } from "./service.ts";

const jobs = 40;
const freshProcesses = 10;
// The first jobs of a process take twice as long, until its code has been compiled.
const warmUp = 30;

/** From a POST to the processes that it starts, with a small source on loopback. */
export async function latency(): Promise<Figure[]> {
  const file = await clip({ seconds: 1, size: "320x180" });
  await using source = await serveFile(file);
  await using service = await startService();
  const api = client(service.url);
  const rounds: { firstMs: number; probeMs: number; encodeMs: number; healthMs: number; ffprobeMs: number }[] = [];

  for (let round = 0; round < warmUp + jobs; round += 1) {
    const posted = performance.now();
    const answer = api.post({ input_url: source.url, preset: "240p_fast" });
    // Both block this process, but not the thread that sends the request.
    const firstMs = childAppears(service.worker.pid) - posted;
    const probeMs = descendantAppears(service.worker.pid, "ffprobe") - posted;
    const encodeMs = encodeAppears(service.worker.pid) - posted;
    const { body } = await answer;
    await api.until(body["job_id"], ({ status }) => status === "completed");
    const healthMs = await timed(() => fetch(`${service.url}/healthz`).then((health) => health.text()));
    const ffprobeMs = await timed(() => Bun.spawn(["ffprobe", "-v", "quiet", "-show_streams", file]).exited);
    if (round >= warmUp) rounds.push({ firstMs, probeMs, encodeMs, healthMs, ffprobeMs });
  }

  const health = { name: "GET /healthz", value: median(rounds.map(({ healthMs }) => healthMs)) };
  const ffprobe = { name: "ffprobe alone", value: median(rounds.map(({ ffprobeMs }) => ffprobeMs)) };
  const first = rounds.map(({ firstMs }) => firstMs);
  const probe = rounds.map(({ probeMs }) => probeMs);
  const encode = rounds.map(({ encodeMs }) => encodeMs);
  return [
    {
      name: "POST to the first process (ffprobe's) spawned, p50",
      ...{ value: median(first), unit: "ms", yardstick: health, target: { most: 15, of: "value" } },
    },
    // The process first sets its limits and builds its sandbox.
    { name: "POST to ffprobe running in its sandbox, p50", value: median(probe), unit: "ms", yardstick: health },
    {
      name: "POST to encode spawned, p50",
      ...{ value: median(encode), unit: "ms", yardstick: ffprobe, target: { most: 120, of: "value" } },
    },
    { name: "POST to encode spawned, p90", value: percentile(encode, 0.9), unit: "ms", yardstick: ffprobe },
    {
      name: "POST to encode spawned, first job of a process, p50",
      ...{ value: median(await firstJobs(source.url)), unit: "ms", yardstick: ffprobe },
    },
  ];
}

/** The same for the first job of each of some workers, with a control plane that is as new. */
async function firstJobs(input_url: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < freshProcesses; round += 1) {
    await using service = await startService();
    const api = client(service.url);
    const posted = performance.now();
    const answer = api.post({ input_url, preset: "240p_fast" });
    times.push(encodeAppears(service.worker.pid) - posted);
    const { body } = await answer;
    await api.until(body["job_id"], ({ status }) => status === "completed");
  }
  return times;
}

async function timed(work: () => Promise<unknown>) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
