import { type Context, Hono } from "hono";
import { needs } from "#controlplane/http/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { HttpFault } from "#controlplane/http/problem.ts";
import type { UploadServer } from "#controlplane/uploads/tus-server.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { noUploads } from "#shared/uploads/upload-url.ts";

export type UploadsDeps = {
  /** Absent where no uploads are taken. */
  uploads: UploadServer | undefined;
  log: Log;
};

/** Resumable uploads by tus 1.0. */
export function uploadRoutes({ uploads, log }: UploadsDeps) {
  const routes = new Hono<AppEnv>();
  const refused = () => {
    throw new Fault("not_found", noUploads);
  };
  if (!uploads) return routes.use(needs("jobs:write")).all("/", refused).all("/:id", refused);

  const answer = async (c: Context<AppEnv>) => {
    c.header("Tus-Resumable", "1.0.0");
    try {
      return await uploads(c.req.raw, c.get("client"));
    } catch (error) {
      if (error instanceof HttpFault && error.status === 503) log.warn({ err: error }, "an upload cannot go on");
      throw error;
    }
  };
  // Hono takes a HEAD for a GET. The bytes of an upload are for the workers alone.
  const answerHead = (c: Context<AppEnv>) => {
    if (c.req.method === "HEAD") return answer(c);
    throw new HttpFault(405, "use HEAD, PATCH or DELETE", { Allow: "HEAD, PATCH, DELETE" });
  };

  return routes
    .use(needs("jobs:write"))
    .on(["POST", "OPTIONS"], "/", answer)
    .get("/:id", answerHead)
    .on(["PATCH", "DELETE", "OPTIONS"], "/:id", answer);
}
