import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

/** A disk of its own that can be filled; undefined where this process may not mount one. */
export async function smallDisk(path: string) {
  await mkdir(path, { recursive: true });
  if (!(await succeeds("mount", "-t", "tmpfs", "-o", "size=24m", "none", path))) return undefined;
  const filler = join(path, "filler");
  return {
    path,
    /** Takes all that is free. */
    async fill() {
      await using file = await open(filler, "w");
      for (const size of [2 ** 20, 2 ** 12]) {
        const chunk = Buffer.alloc(size);
        while (
          await file.write(chunk).then(
            ({ bytesWritten }) => bytesWritten === size,
            () => false,
          )
        );
      }
    },
    free: () => rm(filler, { force: true }),
    [Symbol.asyncDispose]: async () => void (await succeeds("umount", "-l", path)),
  };
}

const succeeds = async (...argv: string[]) =>
  Bun.which(argv[0] ?? "") !== null && (await Bun.spawn(argv, { stdio: ["ignore", "ignore", "ignore"] }).exited) === 0;
