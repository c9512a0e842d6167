import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { type Figure, percentile } from "./figures.ts";
import { argsFor, footage, seconds } from "./job.ts";
import { serveFile, startService } from "./service.ts";

const cancels = 20;
const preset = "1080p_h264";

/** From the DELETE of a job that encodes 1080p to the answer and to the free slot, against killing a bare ffmpeg. */
export async function cancel(): Promise<Figure[]> {
  const file = await footage({ size: "1920x1080", seconds: 30 });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using service = await startService({ MAX_CONCURRENT_JOBS: "1" });
  const api = client(service.url);
  const worker = rpcClient(WorkerService, `127.0.0.1:${service.port}`);
  const args = await argsFor(file, folder.path, preset);
  const times: { answerMs: number; freeMs: number; bareMs: number }[] = [];

  for (let round = 0; round < cancels; round += 1) {
    const { body } = await api.post({ input_url: source.url, preset, output: { path: `${round}.mp4` } });
    await api.until(body["job_id"], ({ progress = 0 }) => progress > 0);
    let answerMs = Number.NaN;
    const freeMs = await ms(async () => {
      const answered = ms(() => api.cancel(body["job_id"]));
      while ((await worker.calls.getStatus({})).currentJobs > 0);
      answerMs = await answered;
    });
    await api.until(body["job_id"], ({ status }) => status === "cancelled");
    times.push({ answerMs, freeMs, bareMs: await killedMs(args) });
  }
  worker.close();

  const p95 = (values: readonly number[]) => percentile(values, 0.95);
  const bare = { name: "SIGKILL of a bare ffmpeg to its end, p95", value: p95(times.map(({ bareMs }) => bareMs)) };
  return [
    {
      name: `cancel of a 1080p encode to its slot free, p95 of ${cancels}`,
      ...{ value: p95(times.map(({ freeMs }) => freeMs)), unit: "ms", yardstick: bare },
      target: { most: 300, of: "value" },
    },
    {
      name: `cancel of a 1080p encode to the answer, p95 of ${cancels}`,
      ...{ value: p95(times.map(({ answerMs }) => answerMs)), unit: "ms", yardstick: bare },
      target: { most: 300, of: "value" },
    },
  ];
}

/** How long an ffmpeg that has begun to encode takes to be gone. */
async function killedMs(args: readonly string[]): Promise<number> {
  const child = Bun.spawn(["nice", "-n", "5", "ffmpeg", "-progress", "pipe:1", "-stats_period", "0.1", ...args], {
    env: { LANG: "C", PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const chunk of child.stdout) if (/frame=[1-9]/.test(new TextDecoder().decode(chunk))) break;
  return await ms(async () => {
    child.kill("SIGKILL");
    await child.exited;
  });
}

const ms = async (work: () => Promise<unknown>) => (await seconds(work)) * 1_000;
