import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { invalidField } from "#shared/fault.ts";

/**
 * Claims a work directory, which is made if need be, for this process: two workers in one would run each other's jobs again. A socket is the
 * claim because it goes with the process, however that ends.
 */
export async function lockWorkDir(workDir: string) {
  const path = join(workDir, ".worker.sock");
  const isTaken = await Bun.connect({ unix: path, socket: { data() {} } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
  if (isTaken) throw invalidField("WORK_DIR", "another worker uses this directory; give each worker its own");
  try {
    await mkdir(workDir, { recursive: true });
    await rm(path, { force: true });
    const claim = Bun.listen({ unix: path, socket: { data() {} } });
    return { release: () => claim.stop(true) };
  } catch (error) {
    const why = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw invalidField("WORK_DIR", `this directory cannot be written to${why}`);
  }
}
