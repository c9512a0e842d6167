import { toolPath } from "#tests/support/tools.ts";
import { openSandbox } from "#worker/sandbox/open-sandbox.ts";

const MiB = 2 ** 20;

/** How a worker would start ffmpeg here, with and without a sandbox. */
const unconfined = await openSandbox({ sandbox: "none", maxFileBytes: 64 * MiB, cores: 2 });
export const confined = await openSandbox({ sandbox: "auto", maxFileBytes: 64 * MiB, cores: 2 });

/** Bubblewrap may be there and yet not allowed, as in most containers. */
export const isConfined = toolPath("bwrap") !== undefined && confined.sandbox === "bwrap";
export const hasLimits = toolPath("prlimit") !== undefined && confined.limits;

/** Both, as far as they work here. */
export const ways = [["plain", unconfined.spawn] as const, ...(isConfined ? [["bwrap", confined.spawn] as const] : [])];
