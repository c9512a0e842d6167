import { readFileSync } from "node:fs";

/** The text of a small file of the kernel; undefined where it does not exist. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
