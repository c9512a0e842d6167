import { randomBytes } from "node:crypto";
import { toFault } from "#shared/fault.ts";
import { aboutFile } from "#shared/storage/about.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { type Finding, failed, fine, limited, type Step } from "./finding.ts";
import { type Place, publicTrial } from "./public-trial.ts";

const cleanUpMs = 20_000;
const text = "#EXTM3U\n#EXT-X-VERSION:3\n";

/** Tries all that jobs ask of a storage, in a folder of its own that is gone in the end. */
export async function* trial(place: Place, signal: AbortSignal): AsyncGenerator<Finding> {
  const { storage } = place;
  const folder = `flux-check-${randomBytes(6).toString("hex")}/`;
  const key = `${folder}playlist.m3u8`;
  const claim = `${folder}claim.json`;

  const put = await take({ name: "put", run: () => tryPut(storage, key, signal) });
  yield put;
  if (put.state === "failed") return;

  const steps: readonly Step[] = [
    { name: "get", run: () => tryGet(storage, key, signal) },
    { name: "replace", run: () => tryReplace(storage, key, signal) },
    { name: "list", run: () => tryList(storage, folder, key, signal) },
    { name: "create", run: () => tryCreate(storage, claim, signal) },
    ...publicTrial(place, key, text, signal),
    { name: "delete", run: () => tryDelete(storage, [key, claim], AbortSignal.timeout(cleanUpMs)) },
  ];
  for (const step of steps) yield await take(step);
}

async function take({ name, run }: Step): Promise<Finding> {
  try {
    return { step: name, ...(await run()) };
  } catch (error) {
    return { step: name, ...failed(toFault(error).message) };
  }
}

async function tryPut(storage: Storage, key: string, signal: AbortSignal) {
  await storage.write(key, "#EXTM3U\n", aboutFile(key), signal);
  return fine("outputs can be written");
}

async function tryGet(storage: Storage, key: string, signal: AbortSignal) {
  const isWhole = (await storage.read(key, signal)) === "#EXTM3U\n" && (await storage.stat(key, signal))?.bytes === 8;
  return isWhole ? fine("and read") : failed("what was put cannot be read back");
}

async function tryReplace(storage: Storage, key: string, signal: AbortSignal) {
  await storage.write(key, text, aboutFile(key), signal);
  return (await storage.read(key, signal)) === text
    ? fine("a second put takes the place of the first")
    : failed("after a second put the first is still there");
}

async function tryList(storage: Storage, folder: string, key: string, signal: AbortSignal) {
  const keys = await Array.fromAsync(storage.list(folder, signal));
  return keys.includes(key) ? fine("folders can be listed") : failed("what was put is not listed");
}

async function tryCreate(storage: Storage, key: string, signal: AbortSignal) {
  const isFirst = await storage.create?.(key, "first", aboutFile(key), signal);
  const isSecond = await storage.create?.(key, "second", aboutFile(key), signal);
  return isFirst && isSecond === false
    ? fine("of two who create an object one is refused")
    : limited(
        "it cannot refuse the second of two who create an object: Idempotency-Key does not work with records here",
      );
}

async function tryDelete(storage: Storage, keys: readonly string[], signal: AbortSignal) {
  for (const key of keys) await storage.remove(key, signal);
  const left = await Promise.all(keys.map((key) => storage.stat(key, signal)));
  return left.some(Boolean) ? failed("what was removed is still there") : fine("and removed");
}
