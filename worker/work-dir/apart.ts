import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

/** Whether a path is a folder or lies in it, links followed; neither needs to be there yet. */
export async function isWithin(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([settled(resolve(path)), settled(resolve(folder))]);
  return inner === outer || inner.startsWith(outer + sep);
}

/** The path with the links of that part of it followed that is there. */
const settled = (path: string): Promise<string> =>
  realpath(path).catch(async () => {
    const above = dirname(path);
    return above === path ? path : join(await settled(above), basename(path));
  });
