import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { S3 } from "@aws-sdk/client-s3";
import { poll } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import type { Ask } from "./client.ts";
import { bare } from "./confirm.ts";
import { isCausedBy } from "./faults.ts";

/** What was sent, and the ETag that the store gave it. */
export type Delivered = {
  Bucket: string | undefined;
  Key: string | undefined;
  file: string;
  bytes: number;
  etag: string;
  /** The ETag of what was there before, as far as it is known. */
  before?: string | undefined;
};

// Some stores show what is new a moment later, above all through a second site.
const looking = { attempts: 4, firstPauseMs: 250 };

/**
 * Throws unless the store shows what it confirmed, with its size. A part of it is removed. Something else there is no lie:
 * another has put it since.
 */
export async function checkStored(ask: Ask, delivered: Delivered, signal: AbortSignal) {
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

type Found = { bytes: number; etag: string };

type State = "there" | "nothing" | "former" | "part";

async function stateOf(delivered: Delivered, found: Found | undefined, signal: AbortSignal): Promise<State> {
  if (!found) return "nothing";
  if (found.etag === delivered.before && found.etag !== delivered.etag) return "former";
  return found.bytes !== delivered.bytes && (await isOurs(delivered, found, signal)) ? "part" : "there";
}

/** Removes what a put left that was not confirmed as it should be, if it is there and is that put's. */
export async function removeUnconfirmed(ask: Ask, delivered: Delivered, signal: AbortSignal) {
  const { Bucket, Key } = delivered;
  const found = await head(ask, { Bucket, Key }, signal);
  if (found && (await isOurs(delivered, found, signal)))
    await ask((s3, call) => s3.deleteObject({ Bucket, Key }, call), signal);
}

/** The ETag of what is there; undefined when there is nothing. */
export const etagAt = async (ask: Ask, at: Parameters<S3["headObject"]>[0], signal: AbortSignal) =>
  (await head(ask, at, signal))?.etag;

async function head(ask: Ask, at: Parameters<S3["headObject"]>[0], signal: AbortSignal): Promise<Found | undefined> {
  try {
    const { ContentLength = 0, ETag = "" } = await ask((s3, call) => s3.headObject(at, call), signal);
    return { bytes: ContentLength, etag: bare(ETag) };
  } catch (error) {
    if (isCausedBy(error, "NotFound") || isCausedBy(error, "NoSuchKey")) return undefined;
    throw error;
  }
}

/** By the ETag that the store gave it, or as the beginning of what was sent. */
async function isOurs({ file, bytes, etag }: Delivered, found: Found, signal: AbortSignal): Promise<boolean> {
  if (found.etag === etag) return true;
  return found.bytes <= bytes && found.etag === (await md5OfBeginning(file, found.bytes, signal));
}

async function md5OfBeginning(file: string, bytes: number, signal: AbortSignal) {
  const hash = createHash("md5");
  if (bytes > 0) await pipeline(createReadStream(file, { end: bytes - 1, highWaterMark: 2 ** 20 }), hash, { signal });
  return hash.digest("hex");
}
