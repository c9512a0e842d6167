import { existsSync, rmSync, writeFileSync } from "node:fs";

// A write-ahead log grows to about 4 MB before it is copied into the file.
const reserveBytes = 8 * 2 ** 20;

export type Reserve = ReturnType<typeof makeReserve>;

/**
 * Disk space that is kept back for ending and handing over orders: on a full disk SQLite cannot even delete. While the
 * reserve is used, no order is added.
 */
export function makeReserve(file: string) {
  /** Whether the reserve is there, which is tried anew where it is not. */
  const isThere = () => {
    if (existsSync(file)) return true;
    try {
      writeFileSync(file, Buffer.alloc(reserveBytes), { flag: "wx", flush: true });
      return true;
    } catch {
      rmSync(file, { force: true });
      return false;
    }
  };
  isThere();
  return {
    isThere,
    /** Gives the space to the database. */
    use: () => rmSync(file, { force: true }),
  };
}
