import { access, constants, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Fault, invalidField } from "#shared/fault.ts";
import type { OpenSource } from "./source.ts";

/** Opens `file:` URLs in place. For the command line only: a service would let its clients read its disk. */
export const localFileSource: OpenSource = async (url, _dir, signal) => {
  signal.throwIfAborted();
  const path = pathOf(url);
  const found = await stat(path).catch((cause) => {
    throw new Fault("source_failed", "the source cannot be read; is there such a file?", { cause });
  });
  if (!found.isFile()) throw new Fault("source_failed", "the source is not a regular file");
  if (found.size === 0) throw new Fault("source_failed", "the source is empty");
  await access(path, constants.R_OK).catch((cause) => {
    throw new Fault("source_failed", "the source may not be read by the user who runs this: see its mode", { cause });
  });
  return { path, bytes: found.size };
};

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw invalidField("input_url", "is not the file: URL of a local file");
  }
}
