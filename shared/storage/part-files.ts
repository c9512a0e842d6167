import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

/**
 * The path of a temporary file, in the folder where the final one will appear, so that a rename publishes it. The name
 * is a hash of source and destination: after a crash the same upload finds its own leftover and replaces it.
 */
export const partOf = (path: string, from: string) =>
  join(dirname(path), `.flux-${createHash("sha256").update(`${from}\0${path}`).digest("hex").slice(0, 16)}.part`);

/** Whether a file of this name is such a temporary file, which lists leave out. */
export const isPart = (name: string) => /^\.flux-[0-9a-f-]+\.part$/.test(name);
