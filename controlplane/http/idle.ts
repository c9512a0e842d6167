import type { Context } from "hono";
import type { AppEnv } from "./env.ts";

/** How long a connection may be silent: enough for a body to arrive, and for heartbeats. */
export const idleSeconds = 60;

/** The answer may take long: a machine may have to start, a job to end. */
export const waitLong = (c: Context<AppEnv>) => c.env?.server?.timeout(c.req.raw, 0);

/** What comes now comes often: who does not read it is let go. */
export const waitNormally = (c: Context<AppEnv>) => c.env?.server?.timeout(c.req.raw, idleSeconds);
