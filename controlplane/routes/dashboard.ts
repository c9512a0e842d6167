import { type Context, Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import { loadAssets } from "#dashboard/assets.ts";
import type { Asset } from "#dashboard/build.ts";
import { Fault } from "#shared/fault.ts";

// Players fetch outputs from wherever the storage serves them, into blobs.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https: http:",
  "media-src https: http: blob:",
  "connect-src 'self' https: http:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = { "Content-Security-Policy": policy, "Cache-Control": "no-cache" };
// The names of assets contain a hash of their content.
const assetHeaders = { "Cache-Control": "public, max-age=31536000, immutable" };

/** Serves the dashboard. Its files hold no secrets and need no key; the API calls that they make do. */
export const dashboardRoutes = ({ assets = loadAssets }: { assets?: typeof loadAssets } = {}) => {
  const answer = async (c: Context<AppEnv>, name: string, headers: Record<string, string>) => {
    const asset = (await assets()).get(name);
    if (!asset) throw new Fault("not_found", "there is nothing here");
    return send(c, asset, headers);
  };
  return new Hono<AppEnv>()
    .get("/", (c) => answer(c, "index.html", pageHeaders))
    .get("/docs", (c) => answer(c, "docs.html", pageHeaders))
    .get("/assets/:name", (c) => answer(c, c.req.param("name"), assetHeaders));
};

async function send(c: Context<AppEnv>, { type, body }: Asset, headers: Record<string, string>) {
  const about = { "Content-Type": type, Vary: "Accept-Encoding", ...headers };
  const compressed = await body.bytes();
  return /\bgzip\b/.test(c.req.header("Accept-Encoding") ?? "")
    ? c.body(compressed, 200, { ...about, "Content-Encoding": "gzip" })
    : c.body(Bun.gunzipSync(compressed), 200, about);
}
