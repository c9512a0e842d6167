import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { JobRequestInit } from "#controlplane/dispatch/offer.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { checkedFields } from "#controlplane/http/fields.ts";
import { waitLong, waitNormally } from "#controlplane/http/idle.ts";
import { waitIn } from "#controlplane/http/prefer.ts";
import { readJson } from "#controlplane/http/read-json.ts";
import { eventStream, eventStreamHeaders } from "#controlplane/http/sse.ts";
import type { Cancel } from "#controlplane/jobs/cancel.ts";
import type { View } from "#controlplane/jobs/hub.ts";
import { JobFault } from "#controlplane/jobs/job-fault.ts";
import type { ListQuery, Page } from "#controlplane/jobs/list.ts";
import type { JobOrder, jobOrder } from "#controlplane/jobs/order.ts";
import type { Submit } from "#controlplane/jobs/submit.ts";
import { finalEvent } from "#controlplane/jobs/wait.ts";
import { patience } from "#controlplane/patience.ts";
import { wholeNumber } from "#shared/env.ts";
import { eventToJson } from "#shared/job/event.ts";
import { isFinal, jobStatuses } from "#shared/job/status.ts";

export type JobsDeps = {
  orderSchema: ReturnType<typeof jobOrder>;
  orderFrom(posted: JobOrder): JobRequestInit;
  orderAgain(jobId: string): Promise<JobRequestInit>;
  submit: Submit;
  view(jobId: string): Promise<View>;
  cancel: Cancel;
  list(query: ListQuery): Promise<Page>;
  /** Aborts when the service stops. */
  closing: AbortSignal;
  heartbeatMs: number;
};

export function jobRoutes({ submit, closing, ...deps }: JobsDeps) {
  const answer = async (c: Context<AppEnv>, order: JobRequestInit) => {
    waitLong(c);
    using until = patience([c.req.raw.signal, closing]);
    const { jobId, view } = await submit(order, until.signal);
    c.set("jobId", jobId);
    c.header("Location", `/api/v1/jobs/${jobId}`);
    const end = await waited(c, view, closing);
    if (end?.status === "completed") return c.json(eventToJson(end));
    if (end) throw new JobFault(jobId, end.error?.kind ?? "internal", end.error?.message ?? `the job is ${end.status}`);
    return c.json({ job_id: jobId, status: view.latest.status, stream_url: streamUrl(jobId) }, 202);
  };

  return new Hono<AppEnv>()
    .use("/:id/*", async (c, next) => {
      c.set("jobId", c.req.param("id"));
      waitLong(c);
      await next();
    })
    .post("/", async (c) => answer(c, deps.orderFrom(await readJson(c.req.raw, deps.orderSchema))))
    .get("/", async (c) => {
      const { limit, status, cursor } = checkedFields(ListParams, c.req.query());
      const { jobs, next } = await deps.list({ limit, status, before: cursor });
      return c.json({ jobs: jobs.map(eventToJson), ...(next && { next_cursor: next }) });
    })
    .get("/:id", async (c) => c.json(eventToJson((await deps.view(c.req.param("id"))).latest)))
    .delete("/:id", async (c) => {
      const jobId = c.req.param("id");
      await deps.cancel(jobId);
      return c.json({ job_id: jobId, status: "cancelling", stream_url: streamUrl(jobId) }, 202);
    })
    .post("/:id/retry", async (c) => answer(c, await deps.orderAgain(c.req.param("id"))))
    .get("/:id/stream", async (c) => {
      const after = Number.parseInt(c.req.header("Last-Event-ID") ?? "", 10) || 0;
      const view = await deps.view(c.req.param("id"));
      if (isFinal(view.latest.status) && view.latest.sequence <= after) return c.body(null, 204);
      if (c.req.method === "HEAD") return c.body(null, 200, eventStreamHeaders);
      const events = (signal: AbortSignal) => view.follow(after, signal);
      waitNormally(c);
      const until = [c.req.raw.signal, closing];
      return c.body(eventStream({ events, until, heartbeatMs: deps.heartbeatMs }), 200, eventStreamHeaders);
    });
}

const streamUrl = (jobId: string) => `/api/v1/jobs/${jobId}/stream`;

const ListParams = v.object({
  limit: v.optional(wholeNumber(1, 100), "20"),
  status: v.optional(v.picklist(jobStatuses, `use one of ${jobStatuses.join(", ")}`)),
  cursor: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, "use next_cursor of the page before"))),
});

/** The job's end, if the client asked to wait and it came in time. */
async function waited(c: Context<AppEnv>, view: View, closing: AbortSignal) {
  const seconds = waitIn(c.req.header("Prefer"));
  if (seconds === undefined) return undefined;
  c.header("Preference-Applied", Number.isFinite(seconds) ? `wait=${seconds}` : "wait");
  using until = patience([c.req.raw.signal, closing], seconds * 1_000);
  return await finalEvent(view, until.signal);
}
