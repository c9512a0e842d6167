import { stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopback } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import type { Figure, Options } from "./figures.ts";
import { startS3Sink } from "./s3-sink.ts";
import { serveFile } from "./service.ts";

/** How far a big file makes a worker's memory grow, each step in a process of its own. */
export async function work({ big }: Options): Promise<Figure[]> {
  const gigabytes = big ? 5 : 1;
  await using folder = await temporaryFolder();
  const file = await hollowFile(join(folder.path, "hollow.mp4"), gigabytes * 1e9);
  const figures = [
    await figure(`fetching ${gigabytes} GB`, async (home) => {
      await using source = await serveFile(file);
      return await grownBytes(["fetch", source.url], home);
    }),
    await figure(`delivering ${gigabytes} GB to S3`, async (home) => {
      await using sink = startS3Sink();
      return await grownBytes(["deliver", "s3", file], home, sink.env);
    }),
    await figure(`delivering ${gigabytes} GB by a link`, (home) => grownBytes(["deliver", "local", file], home)),
  ];
  if (!(await isApart(memoryDisk))) return figures;
  const copied = await figure(`delivering ${gigabytes} GB by a copy`, async (home) => {
    await using elsewhere = await temporaryFolder(memoryDisk);
    return await grownBytes(["deliver", "local", file], home, { LOCAL_ROOT: elsewhere.path });
  });
  return [...figures, copied];
}

// A file cannot be linked into another file system.
const memoryDisk = "/dev/shm";
const isApart = (path: string) =>
  Promise.all([stat(path), stat(tmpdir())]).then(
    ([there, here]) => there.dev !== here.dev,
    () => false,
  );

async function figure(name: string, measure: (home: string) => Promise<number>): Promise<Figure> {
  await using home = await temporaryFolder();
  const value = (await measure(home.path)) / 1e6;
  return { name: `worker's memory growth, ${name}`, value, unit: "MB", target: { most: 250, of: "value" } };
}

async function grownBytes(step: readonly string[], home: string, env: Record<string, string> = {}): Promise<number> {
  const settings = { WORK_DIR: join(home, "work"), LOCAL_ROOT: join(home, "out"), ALLOWED_PRIVATE_CIDRS: loopback };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "work/main.ts"), ...step], {
    env: { ...settings, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`the step ${step.join(" ")} failed`);
  return JSON.parse(told).grownBytes;
}

/** A file of zeros that takes no room on the disk. */
export async function hollowFile(path: string, bytes: number) {
  await writeFile(path, "");
  await truncate(path, bytes);
  return path;
}
