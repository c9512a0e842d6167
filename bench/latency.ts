import { clip } from "#tests/support/clips.ts";
import { client } from "#tests/support/service.ts";
import { type Figure, median, percentile } from "./figures.ts";
import { childAppears, descendantAppears, encodeAppears } from "./process.ts";
import { serveFile, startService } from "./service.ts";

const jobs = 40;
const freshProcesses = 10;
// The first jobs of a process take twice as long, until its code has been compiled.
const warmUp = 30;

/** From a POST to the processes that it starts, with small sources on loopback. */
export async function latency(): Promise<Figure[]> {
  const film = { seconds: 1, size: "320x180" };
  const file = await clip(film);
  await using plain = await serveFile(file);
  await using other = await serveFile(await clip({ ...film, container: "mkv" }));
  await using service = await startService();
  await roundsOf(service, plain.url, { jobs: warmUp });
  const own = await roundsOf(service, plain.url, { jobs, ffprobe: file });
  const probed = await roundsOf(service, other.url, { jobs, isProbed: true });

  const health = { name: "GET /healthz", value: median(own.map(({ healthMs }) => healthMs)) };
  const ffprobe = { name: "ffprobe alone", value: median(own.map(({ ffprobeMs = 0 }) => ffprobeMs)) };
  const encode = own.map(({ encodeMs }) => encodeMs);
  const figure = (name: string, value: number) => ({ name, value, unit: "ms" as const });
  return [
    {
      ...figure("POST to encode spawned, p50", median(encode)),
      ...{ yardstick: ffprobe, target: { most: 75, of: "value" } },
    },
    { ...figure("POST to encode spawned, p90", percentile(encode, 0.9)), yardstick: ffprobe },
    {
      ...figure("POST to encode spawned, first job of a process, p50", median(await firstJobs(plain.url))),
      ...{ yardstick: ffprobe, target: { most: 95, of: "value" } },
    },
    {
      ...figure(
        "Matroska: POST to the first process (ffprobe's) spawned, p50",
        median(probed.map((one) => one.firstMs)),
      ),
      ...{ yardstick: health, target: { most: 15, of: "value" } },
    },
    // The process first sets its limits and builds its sandbox.
    {
      ...figure("Matroska: POST to ffprobe running, p50", median(probed.map(({ probeMs = 0 }) => probeMs))),
      yardstick: health,
    },
    {
      ...figure("Matroska: POST to encode spawned, p50", median(probed.map(({ encodeMs }) => encodeMs))),
      ...{ yardstick: ffprobe, target: { most: 120, of: "value" } },
    },
  ];
}

type Round = { firstMs: number; probeMs?: number; encodeMs: number; healthMs: number; ffprobeMs?: number };
type Rounds = {
  jobs: number;
  /** Whether ffprobe must look at the source. */
  isProbed?: boolean;
  /** What ffprobe looks at alone. */
  ffprobe?: string;
};

/** Jobs one after the other, with what they are held against between them. */
async function roundsOf(
  service: Awaited<ReturnType<typeof startService>>,
  input_url: string,
  { jobs, isProbed = false, ffprobe }: Rounds,
): Promise<Round[]> {
  const api = client(service.url);
  const rounds: Round[] = [];
  for (let round = 0; round < jobs; round += 1) {
    const posted = performance.now();
    const answer = api.post({ input_url, preset: "240p_fast" });
    // These block this process, but not the thread that sends the request.
    const firstMs = childAppears(service.worker.pid) - posted;
    const probed = isProbed ? { probeMs: descendantAppears(service.worker.pid, "ffprobe") - posted } : {};
    const encodeMs = encodeAppears(service.worker.pid) - posted;
    const { body } = await answer;
    await api.until(body["job_id"], ({ status }) => status === "completed");
    const healthMs = await timed(() => fetch(`${service.url}/healthz`).then((health) => health.text()));
    const alone = ffprobe
      ? { ffprobeMs: await timed(() => Bun.spawn(["ffprobe", "-v", "quiet", "-show_streams", ffprobe]).exited) }
      : {};
    rounds.push({ firstMs, ...probed, encodeMs, healthMs, ...alone });
  }
  return rounds;
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
