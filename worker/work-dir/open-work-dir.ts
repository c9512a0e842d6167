import { lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Fault, type FieldError, invalidField } from "#shared/fault.ts";
import { ownIdPattern } from "#shared/job/id.ts";
import type { Log } from "#shared/log.ts";
import type { Config } from "#worker/config.ts";
import { readIfThere, writeDurably } from "#worker/journal/durable.ts";
import { retainedFolder, setAsideFolder } from "#worker/journal/journal.ts";
import { lockFolder } from "./lock.ts";
import { isUsedByLegacyVersion, migrateLegacyJobs } from "./migrate-legacy.ts";
import { isPathWithin } from "./path-within.ts";

/**
 * The worker's own folder in `WORK_DIR`: whatever else lies there is never touched. Former versions, which kept their
 * jobs directly in `WORK_DIR` and removed foreign folders there, leave alone a name that begins with a dot.
 */
export const ownFolder = ".flux-worker";
/** The file in the worker's own folder that says that a worker has made the folder. */
export const markerFile = "worker.json";

const markerText = `${JSON.stringify({ made_by: "flux-encoder worker", layout: 1 })}\n`;

export type WorkDir = Disposable & {
  /** The worker's own folder. */
  folder: string;
};

/**
 * Opens `WORK_DIR` for this process alone, makes the worker's own folder in it if need be, and moves the jobs there
 * that a former version has left. Throws an `invalid` Fault, and has touched nothing then, when another worker uses it
 * or when it is doubtful whether what is in the own folder is a worker's.
 */
export async function openWorkDir(
  { workDir, storage, presetsDir }: Pick<Config, "workDir" | "storage" | "presetsDir">,
  log: Log,
): Promise<WorkDir> {
  const folder = join(workDir, ownFolder);
  await checkApart(folder, { LOCAL_ROOT: storage.local.root, PRESETS_DIR: presetsDir });
  await mkdir(workDir, { recursive: true }).catch(notWritable);
  if (await isUsedByLegacyVersion(workDir))
    throw invalidField("WORK_DIR", "another worker, of a former version, uses this directory; stop it first");
  using stack = new DisposableStack();
  await makeOwnFolder(folder);
  stack.use(await lockFolder(workDir, join(folder, "lock")));
  await writeMarker(folder);
  const taken = await migrateLegacyJobs(workDir, folder, log);
  if (taken > 0) log.info({ jobs: taken, folder }, "took over the jobs that a former version has left");
  const held = stack.move();
  return { folder, [Symbol.dispose]: () => held.dispose() };
}

const notWritable = (error: NodeJS.ErrnoException) => {
  throw invalidField("WORK_DIR", `this directory cannot be written to${error.code ? ` (${error.code})` : ""}`);
};

/** No folder of another setting may be the worker's own or lie in it. */
async function checkApart(folder: string, others: Readonly<Record<string, string | undefined>>) {
  const fields: FieldError[] = [];
  for (const [field, path] of Object.entries(others)) {
    if (path === undefined || !(await isPathWithin(path, folder))) continue;
    const message = `${path} lies in the worker's own folder of WORK_DIR; choose one outside ${folder}`;
    fields.push({ field, message });
  }
  if (fields.length === 0) return;
  throw new Fault("invalid", fields.map(({ field, message }) => `${field}: ${message}`).join("\n"), { fields });
}

async function makeOwnFolder(folder: string) {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") notWritable(error);
  });
  if (!(await lstat(folder)).isDirectory())
    throw invalidField("WORK_DIR", `${folder} is no folder; move it away, or choose another directory`);
  if ((await readIfThere(join(folder, markerFile))) !== undefined) return;
  const foreign = (await readdir(folder)).filter((name) => !isOurs(name));
  if (foreign.length === 0) return;
  const some = foreign.slice(0, 3).join(", ");
  const message = `${folder} has no ${markerFile} and holds what no worker has made (${some}); move it away, or choose another directory`;
  throw invalidField("WORK_DIR", message);
}

const isOurs = (name: string) =>
  ownIdPattern.test(name) || [retainedFolder, setAsideFolder, "lock", `${markerFile}.tmp`].includes(name);

async function writeMarker(folder: string) {
  const path = join(folder, markerFile);
  if ((await readIfThere(path)) !== markerText) await writeDurably(path, markerText).catch(notWritable);
}
