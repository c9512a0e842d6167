/** Where a program is; undefined lets a test skip itself, but in CI a missing program is a failure. */
export function toolPath(name: string): string | undefined {
  const path = Bun.which(name) ?? undefined;
  const { CI } = process.env;
  if (!path && CI === "true") throw new Error(`the tests need ${name}; scripts/setup installs it`);
  return path;
}
