import type { Context } from "hono";
import type { AppEnv } from "./env.ts";

/** How long a connection may be silent, in seconds: enough for a body to arrive, and for heartbeats. */
export const idleSeconds = 60;

/** Switches the idle timeout off: a machine may have to start, or a job to end, before there is an answer. */
export const disableIdleTimeout = (c: Context<AppEnv>) => c.env?.server?.timeout(c.req.raw, 0);

/** Switches the idle timeout on again for a stream with heartbeats, so that a reader that does not read is dropped. */
export const restoreIdleTimeout = (c: Context<AppEnv>) => c.env?.server?.timeout(c.req.raw, idleSeconds);
