import { join } from "node:path";

/** Where so many sources are in a folder: one alone in the folder itself, each of several in a folder of its own. */
export const sourceDirsIn = (folder: string, count: number): string[] =>
  count > 1 ? Array.from({ length: count }, (_, number) => join(folder, String(number))) : [folder];
