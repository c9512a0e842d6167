import { rm } from "node:fs/promises";
import { join } from "node:path";
import { loopback } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { type Figure, median, type Options, spreadOf } from "./figures.ts";
import { serveFile } from "./service.ts";
import { hollowFile } from "./work.ts";

const pairs = 7;

/** A source from loopback to the disk, by a worker as the image runs it and by curl, one after the other. */
export async function source({ big }: Options): Promise<Figure[]> {
  const gigabytes = big ? 5 : 1;
  await using folder = await temporaryFolder();
  const file = await hollowFile(join(folder.path, "hollow.mp4"), gigabytes * 1e9);
  await using served = await serveFile(file);
  const rounds: { worker: Spent; curl: Spent }[] = [];
  for (let round = 0; round < pairs; round += 1) {
    const copy = join(folder.path, "copy.mp4");
    const curl = await spent(["curl", "--silent", "--fail", "--output", copy, served.url]);
    await rm(copy);
    rounds.push({ worker: await fetchedByWorker(served.url), curl });
  }
  const figure = (name: string, of: keyof Spent, most: number): Figure => ({
    name: `${name} of ${gigabytes} GB of source`,
    ...{ value: median(rounds.map(({ worker }) => worker[of])), unit: "s" },
    spread: spreadOf(rounds.map(({ worker, curl }) => worker[of] / curl[of])),
    yardstick: { name: "curl", value: median(rounds.map(({ curl }) => curl[of])) },
    ratio: median(rounds.map(({ worker, curl }) => worker[of] / curl[of])),
    target: { most, of: "ratio" },
  });
  // At least 0.85 of its speed.
  return [figure("time", "seconds", 1.176), figure("CPU", "cpuSeconds", 1.4)];
}

/** What a worker takes that fetches a source, as the image runs it. */
export async function fetchedByWorker(url: string): Promise<Spent> {
  await using home = await temporaryFolder();
  return await spent([process.execPath, join(import.meta.dir, "work/main.ts"), "fetch", url], {
    ...{ WORK_DIR: join(home.path, "work"), LOCAL_ROOT: join(home.path, "out"), ALLOWED_PRIVATE_CIDRS: loopback },
    BUN_JSC_useDFGJIT: "0",
  });
}

type Spent = { seconds: number; cpuSeconds: number };

/** What a process takes from its first instruction to its last: a worker's start of about 0.1 s too. */
async function spent(argv: string[], env: Record<string, string> = {}): Promise<Spent> {
  const began = performance.now();
  const child = Bun.spawn(argv, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if ((await child.exited) !== 0) throw new Error(`${argv[0]} failed`);
  const { user, system } = child.resourceUsage()?.cpuTime ?? { user: 0, system: 0 };
  return { seconds: (performance.now() - began) / 1_000, cpuSeconds: (Number(user) + Number(system)) / 1e6 };
}
