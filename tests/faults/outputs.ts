import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { contentOf } from "./content.ts";
import type { Rig } from "./rig.ts";
import type { Wish } from "./wish.ts";

/** What is wrong with what a job has left in the storage. */
export async function outputProblems(rig: Rig, { path, storage, preset }: Wish, end: EventJson): Promise<string[]> {
  const reader = rig.readers[storage];
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (end.status !== "completed") {
    const left = await reader.keys(folder);
    return left.length > 0 ? [`it is ${end.status}, and there is ${left.join(", ")}`] : [];
  }
  const { keys, named, missing } = await reader.all(folder);
  const entry = preset === "tiny" ? path : `${path}master.m3u8`;
  const strangers = keys.filter((key) => key !== entry && !named.includes(key));
  return [
    ...missing.map((key) => `its playlist names ${key}, which is not there`),
    ...strangers.map((key) => `nobody names ${key}`),
    ...(await decodeProblems(rig, storage, keys, entry)),
  ];
}

async function decodeProblems(rig: Rig, storage: Wish["storage"], keys: readonly string[], entry: string) {
  const copies = join(rig.home, "looked-at");
  try {
    const root = storage === "local" ? join(rig.home, "out") : await downloaded(rig, keys, copies);
    await contentOf(join(root, entry));
    return [];
  } catch (error) {
    return [`${error}`];
  } finally {
    if (storage === "s3") await rm(join(copies, dirname(entry)), { recursive: true, force: true });
  }
}

async function downloaded({ s3 }: Rig, keys: readonly string[], folder: string): Promise<string> {
  for (const key of keys) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await Bun.write(join(folder, key), await s3.bytes(key));
  }
  return folder;
}
