import type { Assets } from "./build.ts";

let built: Promise<Assets> | undefined;

/**
 * The files of the dashboard by name, built on first use. For binaries `scripts/build.ts` builds them beforehand and
 * replaces this module.
 */
export function loadAssets(): Promise<Assets> {
  built ??= import("./build.ts").then(({ buildDashboard }) => buildDashboard());
  return built;
}
