import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { PresetSummary } from "#controlplane/workers/presets.ts";

export type PresetsDeps = { presets(): Promise<readonly PresetSummary[]> };

export const presetRoutes = ({ presets }: PresetsDeps) =>
  new Hono<AppEnv>().get("/", async (c) => {
    // A worker may have to be woken for it.
    c.env?.server?.timeout(c.req.raw, 0);
    return c.json({ presets: await presets() });
  });
