import { dirname } from "node:path/posix";
import { retry } from "#shared/async/retry.ts";
import type { Connection } from "./connections.ts";
import { replyOf } from "./faults.ts";

const making = { attempts: 3, firstPauseMs: 0 };

export type FtpFolders = ReturnType<typeof ftpFolders>;

/** Makes and removes the folders of a server. A folder that is known to exist is not made again. */
export function ftpFolders() {
  const known = new Set<string>();

  const ensure = async ({ client, pathOf }: Connection, folder: string) => {
    const path = pathOf(folder);
    for (const each of ancestorsOf(path).filter((one) => !known.has(one))) {
      // An existing folder is an error like any other for a server, so errors are left to whatever needs the folder.
      await client.sendIgnoringError(`MKD ${each}`);
      known.add(each);
    }
  };

  return {
    /** Makes the folder of a key and runs `use`; both again if another job's clean-up removed the folder in between. */
    async make(connection: Connection, key: string, use: () => Promise<void>): Promise<void> {
      const makeAndUse = async () => {
        await ensure(connection, dirname(key));
        await use();
      };
      await retry(makeAndUse, { ...making, isRetryable: mayLackFolder, onRetry: () => known.clear() });
    },

    /** Removes the folder of a key and its parents as long as they are empty, but never the root. */
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

/** The parents of a path and the path itself: `/a/b` gives `/a` and `/a/b`. */
const ancestorsOf = (path: string): string[] => (path === "/" ? [] : [...ancestorsOf(dirname(path)), path]);
