import { Hono } from "hono";
import * as v from "valibot";
import { needs } from "#controlplane/http/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { checkedFields } from "#controlplane/http/fields.ts";
import type { WorkerReport } from "#controlplane/workers/report.ts";
import { described } from "#shared/described.ts";

export type WorkersDeps = { reports(options: { wake: boolean }): Promise<WorkerReport[]> };

export const WorkersParams = v.object({
  wake: described(
    v.optional(v.string()),
    "`false` asks only the workers that are connected, so that no sleeping machine starts, and reports the others as asleep, or as starting where an order waits for them. Anything else asks all.",
    "false",
  ),
});

export const workerRoutes = ({ reports }: WorkersDeps) =>
  new Hono<AppEnv>().get("/status", needs("workers:read"), async (c) =>
    c.json({ workers: await reports({ wake: checkedFields(WorkersParams, c.req.query()).wake !== "false" }) }),
  );
