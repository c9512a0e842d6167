import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import { disableIdleTimeout } from "#controlplane/http/idle.ts";
import type { PresetSummary } from "#controlplane/workers/presets.ts";

export type PresetsDeps = { presets(): Promise<readonly PresetSummary[]> };

export const presetRoutes = ({ presets }: PresetsDeps) =>
  new Hono<AppEnv>().get("/", async (c) => {
    disableIdleTimeout(c);
    return c.json({ presets: await presets() });
  });
