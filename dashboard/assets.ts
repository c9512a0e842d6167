/** A file of the dashboard, compressed with gzip. */
export type Asset = { type: string; body: Blob };
export type Assets = ReadonlyMap<string, Asset>;

let built: Promise<Assets> | undefined;

/**
 * The dashboard's files by name, built when they are first asked for. `scripts/build.ts` builds them beforehand and puts
 * them into this module's place.
 */
export function loadAssets(): Promise<Assets> {
  built ??= import("./build.ts").then(({ buildDashboard }) => buildDashboard());
  return built;
}
