import { clip } from "#tests/support/clips.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { argsFor, seconds } from "./job.ts";
import { cpuMsOfAll } from "./process.ts";
import { serveFile, startService } from "./service.ts";

const preset = "240p_fast";
const [rounds, jobsARound, lanes] = [5, 20, 2];
const warmUp = 10;

/**
 * Jobs of 2.5 s on two lanes, from the first POST to the last `completed` event, against xargs with the same ffmpeg and the
 * same arguments, in turns; and what a job costs of processor time in all processes of the service.
 */
export async function shortJobs(): Promise<Figure[]> {
  const file = await clip({ seconds: 2.5, size: "320x180" });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using service = await startService({ MAX_CONCURRENT_JOBS: String(lanes) });
  const api = client(service.url);
  const args = await argsFor(file, folder.path, preset);
  const serve = (jobs: number) => inLanes(jobs, () => completed(api, source.url));
  const cpuMs = () => cpuMsOfAll(service.worker.pid) + cpuMsOfAll(service.controlplane.pid);
  const times: { served: number; bare: number; servedCpu: number; bareCpu: number }[] = [];

  await serve(warmUp);
  for (let round = 0; round < rounds; round += 1) {
    const bareBefore = cpuMsOfAll(process.pid);
    const bare = await seconds(() => xargs(args, folder.path));
    const bareCpu = cpuMsOfAll(process.pid) - bareBefore;
    const before = cpuMs();
    const served = await seconds(() => serve(jobsARound));
    times.push({ served, bare, servedCpu: (cpuMs() - before) / jobsARound, bareCpu: bareCpu / jobsARound });
  }

  const ofEach = (one: keyof (typeof times)[number]) => times.map((time) => time[one]);
  return [
    {
      name: `${rounds * jobsARound} jobs of 2.5 s on ${lanes} lanes`,
      ...{ value: jobsARound / median(ofEach("served")), unit: "jobs/s" },
      spread: spreadOf(ofEach("served").map((served) => jobsARound / served)),
      yardstick: { name: `xargs -P${lanes} ffmpeg`, value: jobsARound / median(ofEach("bare")) },
      ratio: median(times.map(({ served, bare }) => bare / served)),
      target: { least: 0.6, of: "ratio" },
    },
    {
      name: "a job of 2.5 s, CPU of all processes",
      ...{ value: median(ofEach("servedCpu")), unit: "ms", spread: spreadOf(ofEach("servedCpu")) },
      yardstick: { name: "its ffmpeg", value: median(ofEach("bareCpu")) },
      ratio: median(times.map(({ servedCpu, bareCpu }) => servedCpu / bareCpu)),
    },
  ];
}

async function inLanes(jobs: number, work: () => Promise<void>) {
  let begun = 0;
  const lane = async () => {
    for (; begun < jobs; ) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function completed(api: ReturnType<typeof client>, input_url: string) {
  const { body } = await api.post({ input_url, preset });
  await api.until(body["job_id"], ({ status }) => status === "completed");
}

/** As many encodes as a round has jobs; as nice as a worker's ffmpeg is. */
async function xargs(args: readonly string[], dir: string) {
  const numbered = args.map((arg) => arg.replace(/output\.mp4$/, "@NUMBER@.mp4"));
  const argv = ["xargs", `-P${lanes}`, "-I", "@NUMBER@", "nice", "-n", "5", "ffmpeg", ...numbered];
  const names = Array.from({ length: jobsARound }, (_, at) => `${at}\n`).join("");
  const child = Bun.spawn(argv, { cwd: dir, stdin: Buffer.from(names), stderr: "ignore" });
  if ((await child.exited) !== 0) throw new Error("xargs failed");
}
