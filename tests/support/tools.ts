/** Where a program is; undefined lets a test skip itself, but in CI a missing program is a failure. */
export function toolPath(name: string): string | undefined {
  const { CI, PATH } = process.env;
  const path = Bun.which(name, { PATH: `${PATH}:/usr/sbin` }) ?? undefined;
  if (!path && CI === "true") throw new Error(`the tests need ${name}; scripts/setup installs it`);
  return path;
}
