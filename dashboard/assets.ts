import type { Assets } from "./build.ts";

let built: Promise<Assets> | undefined;

/**
 * The dashboard's files by name, built when they are first asked for. `scripts/build.ts` builds them beforehand and puts
 * them into this module's place.
 */
export function loadAssets(): Promise<Assets> {
  built ??= import("./build.ts").then(({ buildDashboard }) => buildDashboard());
  return built;
}
