import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

/**
 * The name of a file that is not to be seen yet, in the folder where it will appear, so that a rename is enough. It
 * follows from what is put where: after a crash the same put finds its own leftover, and takes its place.
 */
export const partOf = (path: string, from: string) =>
  join(dirname(path), `.flux-${createHash("sha256").update(`${from}\0${path}`).digest("hex").slice(0, 16)}.part`);

export const isPart = (name: string) => /^\.flux-[0-9a-f-]+\.part$/.test(name);
