import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

/** Whether a path is a folder or lies in it, with links followed. Neither of them needs to exist. */
export async function isPathWithin(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([settled(resolve(path)), settled(resolve(folder))]);
  return inner === outer || inner.startsWith(outer + sep);
}

/** The path with links followed in that part of it that exists. */
const settled = (path: string): Promise<string> =>
  realpath(path).catch(async () => {
    const above = dirname(path);
    return above === path ? path : join(await settled(above), basename(path));
  });
