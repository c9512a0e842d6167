import { join } from "node:path";

/** What scripts/test-servers brings. */
export const tools = join(import.meta.dir, "../../.tools");
const folders = ["bin", "usr/sbin", "usr/bin"].map((folder) => join(tools, folder));

/** Where a program is; undefined lets a test skip itself, but in CI a missing program is a failure. */
export function toolPath(name: string, folder = "/usr/sbin"): string | undefined {
  const { CI, PATH } = process.env;
  const path = Bun.which(name, { PATH: [...folders, PATH, folder].join(":") }) ?? undefined;
  if (!path && CI === "true") throw new Error(`the tests need ${name}; scripts/setup tests installs it`);
  return path;
}
