import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { putWhole } from "./segment-uploads.ts";

/** Where the keys of encrypted outputs come from. */
export type KeySource = {
  /** A key for all jobs, 16 bytes in hex, and the URI from which players fetch it. Default: a new key for each job. */
  given?: { hex: string; uri: string } | undefined;
  /** The folder of new keys below the output's path. It is not the folder of the media, so that it can be private. */
  folder: string;
};

/** The files that ffmpeg reads when it encrypts: the key info file, and the key that it names. */
export const keyFiles = ({ folder }: Pick<Journal, "folder">) =>
  [join(folder, "hls.keyinfo"), join(folder, "hls.key")] as const;

type Keyed = { journal: Journal; order: Order; attempt: number; signal: AbortSignal };

/** The key info file of a job whose preset encrypts; undefined for the others. */
export const keyInfoFor = (preset: Preset, job: Keyed, storage: Storage, source: KeySource) =>
  "segments" in preset && preset.segments.encryption ? makeKeyInfo(job, storage, source) : undefined;

/** A key and the initialization vector of all segments. */
export type SegmentKey = { key: Buffer; iv: Buffer };

/** What a key info file of ours says. */
export async function segmentKeyIn(keyInfoFile: string): Promise<SegmentKey> {
  const [, keyFile = "", iv = ""] = (await readFile(keyInfoFile, "utf8")).split("\n");
  return { key: await readFile(keyFile), iv: Buffer.from(iv, "hex") };
}

/** Makes the key with which ffmpeg encrypts segments (RFC 8216, section 5), and returns its key info file. */
async function makeKeyInfo(
  { journal, order, attempt, signal }: Keyed,
  storage: Storage,
  { given, folder }: KeySource,
): Promise<string> {
  const [keyInfoFile, keyFile] = keyFiles(journal);
  await writeFile(keyFile, given ? Buffer.from(given.hex, "hex") : randomBytes(16), { mode: 0o600 });

  const key = `${order.output.path}${folder}/${order.jobId}-${attempt}.key`;
  const headers = { contentType: "application/octet-stream", cacheControl: "private, no-store" };
  if (!given) await putWhole({ journal, storage }, keyFile, key, headers, signal);
  const lines = [given?.uri ?? storage.urlOf(key), keyFile, randomBytes(16).toString("hex")];
  await writeFile(keyInfoFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  return keyInfoFile;
}
