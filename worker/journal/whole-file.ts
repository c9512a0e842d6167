import { stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { readIfThere } from "./durable.ts";

const Mark = v.object({ name: v.string(), bytes: v.number(), boot: v.string() });

const markIn = (folder: string) => join(folder, "whole.json");

// A file that was not synced survives its process, but not a restart of the machine: the boot id tells them apart.
const bootId = () => readIfThere("/proc/sys/kernel/random/boot_id").catch(() => undefined);

/** Notes that a file of this folder is complete, so that another process may use it. Ignores files of other folders. */
export async function markWhole(folder: string, { path, bytes }: { path: string; bytes: number }) {
  const name = basename(path);
  const boot = await bootId();
  if (boot && path === join(folder, name)) await writeFile(markIn(folder), JSON.stringify({ name, bytes, boot }));
}

/** The file of this folder that is noted as complete; undefined when it is not certain that it still is. */
export async function wholeIn(folder: string) {
  const mark = fromJsonText(Mark, await readIfThere(markIn(folder)).catch(() => undefined));
  if (!mark || mark.boot !== (await bootId())) return undefined;
  const path = join(folder, mark.name);
  const found = await stat(path).catch(() => undefined);
  return found?.size === mark.bytes ? { path, bytes: found.size } : undefined;
}
