import { dirname } from "node:path/posix";
import type { Connection } from "./connections.ts";
import { replyOf } from "./faults.ts";

export type FtpFolders = ReturnType<typeof ftpFolders>;

/** The folders of a server, each made once. */
export function ftpFolders() {
  const known = new Set<string>();

  const ensure = async ({ client, pathOf }: Connection, folder: string) => {
    const path = pathOf(folder);
    for (const each of ancestorsOf(path).filter((one) => !known.has(one))) {
      // That it exists is an error for a server, and like any other: what needs the folder will tell.
      await client.sendIgnoringError(`MKD ${each}`);
      known.add(each);
    }
  };

  return {
    /** Makes the folder of a key for `use`, again if another's clean-up took it away. */
    async make(connection: Connection, key: string, use: () => Promise<void>, attempts = 3): Promise<void> {
      await ensure(connection, dirname(key));
      try {
        await use();
      } catch (error) {
        if (!mayLackFolder(error) || attempts === 1) throw error;
        known.clear();
        await this.make(connection, key, use, attempts - 1);
      }
    },

    /** Removes the folder of a key and those above it as far as they are empty, and never the root. */
    async removeEmpty({ client, pathOf }: Connection, key: string): Promise<void> {
      for (let folder = dirname(key); folder !== "."; folder = dirname(folder)) {
        const path = pathOf(folder);
        if ((await client.sendIgnoringError(`RMD ${path}`)).code >= 400) return;
        known.delete(path);
      }
    },
  };
}

const mayLackFolder = (error: unknown) => [550, 553].includes(replyOf(error) ?? 0);

/** The path itself last: `/a/b` has `/a` and `/a/b`. */
const ancestorsOf = (path: string): string[] => (path === "/" ? [] : [...ancestorsOf(dirname(path)), path]);
