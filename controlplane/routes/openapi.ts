import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import { openapiDocument } from "#controlplane/openapi/document.ts";
import type { JobsDeps } from "./jobs.ts";

/** Serves /openapi.json; the page for people is /docs. */
export const openapiRoutes = ({ orderSchema }: Pick<JobsDeps, "orderSchema">) => {
  const document = openapiDocument(orderSchema);
  return new Hono<AppEnv>().get("/openapi.json", (c) => c.json(document));
};
