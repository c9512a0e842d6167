import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { putWhole } from "./uploads.ts";

/** Where the keys of encrypted outputs come from. */
export type KeySource = {
  /** 16 bytes in hex and the URI that players ask for them; unset: a new key for each job. */
  given?: { hex: string; uri: string } | undefined;
  /** The folder below the output's path that new keys go to: apart from the media, so that it can be kept private. */
  folder: string;
};

/** What ffmpeg reads of a job that encrypts: the info file names the key. */
export const keyFiles = ({ folder }: Pick<Journal, "folder">) =>
  [join(folder, "hls.keyinfo"), join(folder, "hls.key")] as const;

type Keyed = { journal: Journal; order: Order; attempt: number; signal: AbortSignal };

/** The key info file of a preset that encrypts. */
export const keyInfoFor = (preset: Preset, job: Keyed, storage: Storage, source: KeySource) =>
  "segments" in preset && preset.segments.encryption ? makeKeyInfo(job, storage, source) : undefined;

/** Makes what ffmpeg needs to encrypt segments (RFC 8216, section 5) and returns its key info file. */
async function makeKeyInfo(
  { journal, order, attempt, signal }: Keyed,
  storage: Storage,
  { given, folder }: KeySource,
): Promise<string> {
  const [keyInfoFile, keyFile] = keyFiles(journal);
  await writeFile(keyFile, given ? Buffer.from(given.hex, "hex") : randomBytes(16), { mode: 0o600 });

  const key = `${order.output.path}${folder}/${order.jobId}-${attempt}.key`;
  if (!given) {
    await putWhole(
      { journal, storage },
      keyFile,
      key,
      { contentType: "application/octet-stream", cacheControl: "private, no-store" },
      signal,
    );
  }
  const lines = [given?.uri ?? storage.urlOf(key), keyFile, randomBytes(16).toString("hex")];
  await writeFile(keyInfoFile, `${lines.join("\n")}\n`, { mode: 0o600 });
  return keyInfoFile;
}
