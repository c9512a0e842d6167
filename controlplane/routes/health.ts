import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";

/** Alive as long as it answers; ready until it stops. Workers are not asked: the machines of an idle farm sleep. */
export const healthRoutes = ({ closing }: { closing: AbortSignal }) =>
  new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", (c) => (closing.aborted ? c.json({ status: "stopping" }, 503) : c.json({ status: "ready" })));
