import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { WorkerReport } from "#controlplane/workers/status.ts";

export type WorkersDeps = { reports(options: { wake: boolean }): Promise<WorkerReport[]> };

export const workerRoutes = ({ reports }: WorkersDeps) =>
  new Hono<AppEnv>().get("/status", async (c) =>
    c.json({ workers: await reports({ wake: c.req.query("wake") !== "false" }) }),
  );
