import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { leftIn } from "#tests/support/processes.ts";
import { eventually } from "#tests/support/service.ts";
import type { Seen } from "./client.ts";
import type { Rig } from "./rig.ts";

const prefix = ".flux/jobs/";

/** Waits until all work is done that goes on after the jobs' ends; returns what never ends. */
export async function settled({ workers, readers, recordStorage, receiver }: Rig, jobs: readonly Seen[]) {
  const complaints: string[] = [];
  const inTime = (holds: () => Promise<boolean> | boolean, what: () => string) =>
    eventually(holds, "", 90_000).catch(async () => void complaints.push(what()));
  for (const { name, folder } of workers) {
    const left = () => leftIn(folder);
    let found: string[] = [];
    await inTime(
      async () => {
        found = await left();
        return found.length === 0;
      },
      () => `${name} keeps ${found.join(", ")}`,
    );
  }
  const told = () => new Set(receiver.received.map(({ event }) => `${event.job_id} ${event.status}`));
  const untold = () => jobs.filter(({ jobId, end }) => end && !told().has(`${jobId} ${end.status}`));
  await inTime(
    () => untold().length === 0,
    () => `no webhook came for ${untold().map(({ jobId }) => jobId)}`,
  );
  await inTime(
    async () => (await readers[recordStorage].keys(`${prefix}webhooks/`)).length === 0,
    () => "webhooks are still pending",
  );
  return complaints;
}

/** What is in the storages that no job and no record accounts for. */
export async function strayFiles({ home, readers, s3 }: Rig): Promise<string[]> {
  const local = await readdir(join(home, "out"), { recursive: true, withFileTypes: true });
  const parts = local
    .filter(({ name }) => name.endsWith(".part"))
    .map((part) => `${part.parentPath}/${part.name} is left`);
  const filled = new Set(
    (await readers.local.keys("")).flatMap((key) => key.split("/").map((_, n, names) => names.slice(0, n).join("/"))),
  );
  const empty = local
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(home, "out/").length))
    .filter((folder) => !filled.has(folder) && !parts.some((part) => part.includes(`/${folder}/`)))
    .map((folder) => `the folder ${folder} is empty`);
  return [...parts, ...empty, ...((await s3.hasOpenUploads()) ? ["an upload to the bucket is still open"] : [])];
}

/** The records, by job; and what is wrong with them. */
export async function recordProblems({ readers, recordStorage }: Rig, jobs: readonly Seen[]): Promise<string[]> {
  const reader = readers[recordStorage];
  const keys = (await reader.keys(prefix)).filter((key) => /^\.flux\/jobs\/\d{4}-.*\.json$/.test(key));
  const problems: string[] = [];
  for (const { jobId, end } of jobs) {
    const own = keys.filter((key) => key.endsWith(`/${jobId}.json`));
    if (own.length !== 1) problems.push(`${jobId} has ${own.length} records`);
    const { event } = JSON.parse((own[0] && (await reader.read(own[0]))) || "{}");
    if (end && !Bun.deepEquals(event, end))
      problems.push(`${jobId}: the record says ${JSON.stringify(event)}, the stream ${JSON.stringify(end)}`);
  }
  const strange = keys.filter((key) => !jobs.some(({ jobId }) => key.endsWith(`/${jobId}.json`)));
  return [...problems, ...strange.map((key) => `${key}: nobody was told of this job`)];
}

/** Programs that still run on files below a folder. */
export async function strayProcesses(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if (command.includes(folder) || cwd.startsWith(folder)) found.push(`still runs: ${command.replaceAll("\0", " ")}`);
  }
  return found;
}
