import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { poll } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import type { Staged } from "#shared/storage/storage.ts";
import type { Ask } from "./client.ts";
import { head, type ObjectLocation } from "./head.ts";

/** What was uploaded, and the ETag that the store answered. */
export type Delivered = ObjectLocation & {
  /** The local file. */
  file: string;
  /** Its size. */
  bytes: number;
  /** The ETag of the answer, without quotes. */
  etag: string;
  /** The ETag of the object that was replaced; undefined when there was none or it is unknown. */
  before?: string | undefined;
};

// Some stores show a new object a moment later, above all those with several sites.
const looking = { attempts: 4, firstPauseMs: 250 };

/** An upload whose last step is checked against what the store then has. */
export function checkedUpload(
  ask: Ask,
  at: ObjectLocation,
  publish: (signal: AbortSignal) => Promise<Delivered>,
  discard: () => Promise<void>,
): Staged {
  let delivered: Delivered | undefined;
  let before: string | undefined;
  return {
    async remember(signal) {
      before = (await head(ask, at, signal))?.etag;
    },
    async publish(signal) {
      delivered = await publish(signal);
    },
    async check(signal) {
      if (delivered) await checkStored(ask, { ...delivered, before }, signal);
    },
    discard,
  };
}

/**
 * Throws unless the store has what it confirmed, in its full size. A truncated object is removed. Any other object is
 * accepted: somebody else has written it since.
 */
async function checkStored(ask: Ask, delivered: Delivered, signal: AbortSignal) {
  const { Bucket, Key, bytes } = delivered;
  const look = async () => {
    const found = await head(ask, { Bucket, Key }, signal);
    return { found, state: await stateOf(delivered, found, signal) };
  };
  const { found, state } = await poll(look, (seen) => seen.state === "there", { ...looking, signal });
  if (state === "there") return;
  signal.throwIfAborted();
  if (state === "part") await ask((s3, call) => s3.deleteObject({ Bucket, Key }, call), signal).catch(() => {});
  const has = { nothing: "has nothing there", former: "still has what was there before" };
  const words = state === "part" ? `has ${found?.bytes} of its ${bytes} bytes` : has[state];
  throw new Fault("delivery_failed", `the storage confirmed ${Key?.split("/").at(-1)} and ${words}`);
}

type Found = NonNullable<Awaited<ReturnType<typeof head>>>;

type State = "there" | "nothing" | "former" | "part";

async function stateOf(delivered: Delivered, found: Found | undefined, signal: AbortSignal): Promise<State> {
  if (!found) return "nothing";
  if (found.etag === delivered.before && found.etag !== delivered.etag) return "former";
  return found.bytes !== delivered.bytes && (await isOurs(delivered, found, signal)) ? "part" : "there";
}

/** Removes what an upload without a proper confirmation has left, if it is from that upload. */
export async function removeUnconfirmed(ask: Ask, delivered: Delivered, signal: AbortSignal) {
  const { Bucket, Key } = delivered;
  const found = await head(ask, { Bucket, Key }, signal);
  if (found && (await isOurs(delivered, found, signal)))
    await ask((s3, call) => s3.deleteObject({ Bucket, Key }, call), signal);
}

/** Whether an object is from this upload: it has the answered ETag, or is the beginning of what was sent. */
async function isOurs({ file, bytes, etag }: Delivered, found: Found, signal: AbortSignal): Promise<boolean> {
  if (found.etag === etag) return true;
  return found.bytes <= bytes && found.etag === (await md5OfBeginning(file, found.bytes, signal));
}

async function md5OfBeginning(file: string, bytes: number, signal: AbortSignal) {
  const hash = createHash("md5");
  if (bytes > 0) await pipeline(createReadStream(file, { end: bytes - 1, highWaterMark: 2 ** 20 }), hash, { signal });
  return hash.digest("hex");
}
