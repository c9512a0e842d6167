import { randomBytes } from "node:crypto";
import { type Finding, fault, ok, warning } from "#cli/finding.ts";
import { toFault } from "#shared/fault.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";
import { type Place, publicTrial, type Step } from "./public-trial.ts";

const cleanUpMs = 20_000;
const text = "#EXTM3U\n#EXT-X-VERSION:3\n";

/** Tries all that jobs ask of a storage, in a folder of its own that is gone in the end. */
export async function* trial(place: Place, signal: AbortSignal): AsyncGenerator<Finding> {
  const { storage } = place;
  const folder = `flux-check-${randomBytes(6).toString("hex")}/`;
  const key = `${folder}playlist.m3u8`;

  const put = await take({ name: "put", run: () => tryPut(storage, key, signal) });
  yield put;
  if (put.state === "fault") return;

  const steps: readonly Step[] = [
    { name: "get", run: () => tryGet(storage, key, `${folder}nothing.json`, signal) },
    { name: "replace", run: () => tryReplace(storage, key, signal) },
    { name: "list", run: () => tryList(storage, folder, key, signal) },
    { name: "create", run: () => tryCreate(storage, folder, signal) },
    ...publicTrial(place, key, text, signal),
    { name: "delete", run: () => tryDelete(storage, folder, AbortSignal.timeout(cleanUpMs)) },
  ];
  for (const step of steps) yield await take(step);
}

async function take({ name, run }: Step): Promise<Finding> {
  try {
    return { check: name, ...(await run()) };
  } catch (error) {
    return { check: name, ...fault(toFault(error).message) };
  }
}

async function tryPut(storage: Storage, key: string, signal: AbortSignal) {
  await storage.write(key, "#EXTM3U\n", headersFor(key), signal);
  return ok("outputs can be written");
}

async function tryGet(storage: Storage, key: string, missing: string, signal: AbortSignal) {
  const isMissed = (await storage.read(missing, signal)) === undefined && !(await storage.stat(missing, signal));
  if (!isMissed) return fault("it has an object that was never put");
  const isWhole = (await storage.read(key, signal)) === "#EXTM3U\n" && (await storage.stat(key, signal))?.bytes === 8;
  return isWhole ? ok("and read") : fault("what was put cannot be read back");
}

async function tryReplace(storage: Storage, key: string, signal: AbortSignal) {
  await storage.write(key, text, headersFor(key), signal);
  return (await storage.read(key, signal)) === text
    ? ok("a second put takes the place of the first")
    : fault("after a second put the first is still there");
}

async function tryList(storage: Storage, folder: string, key: string, signal: AbortSignal) {
  const keys = await Array.fromAsync(storage.list(folder, signal));
  return keys.includes(key) ? ok("folders can be listed") : fault("what was put is not listed");
}

async function tryCreate(storage: Storage, folder: string, signal: AbortSignal) {
  const key = `${folder}claim.json`;
  const create = (text: string) => storage.create?.(key, text, headersFor(key), signal);
  const isDecided =
    (await canDecide(storage, folder, signal)) && (await create("first")) && (await create("second")) === false;
  return isDecided
    ? ok("of two who create an object one is refused")
    : warning(
        "it cannot refuse the second of two who create an object: neither Idempotency-Key nor QUEUE_URL works with records here",
      );
}

async function tryDelete(storage: Storage, folder: string, signal: AbortSignal) {
  const keys = await Array.fromAsync(storage.list(folder, signal));
  for (const key of keys) await storage.remove(key, signal);
  const left = await Promise.all(keys.map((key) => storage.stat(key, signal)));
  return left.some(Boolean) ? fault("what was removed is still there") : ok("and removed");
}
