import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { Client } from "#controlplane/auth/client.ts";
import { checkScope, needs } from "#controlplane/http/client.ts";
import { makeConcurrencyLimit } from "#controlplane/http/concurrency-limit.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { checkedFields } from "#controlplane/http/fields.ts";
import { idempotencyHeader, idempotencyKeyIn } from "#controlplane/http/idempotency-key.ts";
import { disableIdleTimeout, restoreIdleTimeout } from "#controlplane/http/idle.ts";
import { sequenceIn } from "#controlplane/http/last-event-id.ts";
import { waitIn } from "#controlplane/http/prefer.ts";
import { recordsAway } from "#controlplane/http/problem.ts";
import { readJson } from "#controlplane/http/read-json.ts";
import { eventStreamHeaders, makeEventStreams } from "#controlplane/http/sse.ts";
import { jobToJson, listedToJson } from "#controlplane/lookup/job-json.ts";
import type { JobPage, ListQuery } from "#controlplane/lookup/list.ts";
import type { RecordTextOf } from "#controlplane/lookup/record-text.ts";
import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { Cancel } from "#controlplane/orders/cancel.ts";
import type { ClientOrder } from "#controlplane/orders/client-order.ts";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import { makeLimitedSubmit, type TakeJob } from "#controlplane/orders/limited-submit.ts";
import { type jobOrder, RetryOrder } from "#controlplane/orders/order.ts";
import type { RemoveJob } from "#controlplane/orders/remove.ts";
import type { RetryRequest, Submission } from "#controlplane/orders/retry.ts";
import type { Submit } from "#controlplane/orders/submit.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import { finalEvent } from "#controlplane/watch/final-event.ts";
import type { View } from "#controlplane/watch/hub.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { certificateType } from "#shared/certificate/statement.ts";
import { certificateName } from "#shared/certificate/subjects.ts";
import { described } from "#shared/described.ts";
import { Fault } from "#shared/fault.ts";
import { eventToJson, type JobEvent } from "#shared/job/event.ts";
import { priorities } from "#shared/job/priority.ts";
import { isFinal } from "#shared/job/status.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { DeleteParams, removalToJson } from "./delete-job.ts";
import { ListParams, tenantToList } from "./list-params.ts";

export type JobsDeps = {
  /** Validates the orders that clients post. */
  orderSchema: ReturnType<typeof jobOrder>;
  /** Makes the request for a worker of a posted order. */
  clientOrder: ClientOrder;
  /** Makes the order that repeats an ended job. */
  orderForRetry(request: RetryRequest): Promise<Submission>;
  /** Dispatches an order to a worker. */
  submit: Submit;
  /** Counts a job of a client until it is disposed of; throws a 429 beyond the client's limit. */
  takeJob: TakeJob;
  /** Finds a job, and throws `not_found` for one that the client may not see. */
  view(jobId: string, client: Client): Promise<View>;
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: Pick<WaitingJobs, "setPriority"> | undefined;
  /** Cancels a job at its worker. */
  cancel: Cancel;
  /** The certificate of a job; throws `not_found` for a job that has none, or that the client may not see. */
  certificate: RecordTextOf;
  /** The log of a failed job, as its client may read it; throws `not_found` as `certificate` does. */
  ffmpegLog: RecordTextOf;
  /** Removes an ended job with its output. */
  remove: RemoveJob;
  /** Counts open event streams. */
  metrics: Pick<ControlPlaneMetrics, "streams">;
  /** Lists jobs, newest first. */
  list(query: ListQuery): Promise<JobPage>;
  /** Aborts when the service stops, which ends all streams and waits. */
  closing: AbortSignal;
  /** The interval of heartbeats in event streams. */
  heartbeatMs: number;
};

const faultOfEnd = (jobId: string, { status, error }: JobEvent) =>
  new JobFault(jobId, error?.kind ?? "internal", error?.message ?? `the job is ${status}`, {
    ...(error?.errors && { fields: error.errors }),
  });

export function jobRoutes({ submit, takeJob, closing, ...deps }: JobsDeps) {
  const takeStream = makeConcurrencyLimit("streams", deps.metrics.streams);
  const submitFor = makeLimitedSubmit({ submit, takeJob, closing });
  const eventStream = makeEventStreams({ heartbeatMs: deps.heartbeatMs, closing });
  const answer = async (c: Context<AppEnv>, order: Submission) => {
    disableIdleTimeout(c);
    using linked = linkedSignal([c.req.raw.signal, closing]);
    const { jobId, view, isRepeat } = await submitFor(c.get("client"), order, linked.signal);
    c.set("jobId", jobId);
    c.header("Location", `/api/v1/jobs/${jobId}`);
    if (isRepeat) c.header("Idempotency-Replayed", "true");
    const end = await waited(c, view, closing);
    if (end?.status === "completed") return c.json(eventToJson(end));
    if (end) throw faultOfEnd(jobId, end);
    const { status, position } = view.latest;
    const answer = { job_id: jobId, status, ...omitEmpty({ position }), stream_url: streamUrl(jobId) };
    return c.json(answer, 202);
  };

  return new Hono<AppEnv>()
    .use("/:id/*", async (c, next) => {
      c.set("jobId", c.req.param("id"));
      disableIdleTimeout(c);
      await next();
    })
    .post("/", needs("jobs:write"), async (c) => {
      const key = idempotencyKeyIn(c.req.header(idempotencyHeader));
      const posted = await readJson(c.req.raw, deps.orderSchema);
      return answer(c, { order: deps.clientOrder(posted, c.get("client"), key) });
    })
    .get("/", needs("jobs:read"), async (c) => {
      const client = c.get("client");
      const { cursor, kept, ...filters } = checkedFields(ListParams, c.req.query());
      const query = { ...filters, before: cursor, tenant: tenantToList(client, filters.tenant), isKept: kept };
      const { jobs, next, incomplete } = await deps.list(query);
      const records = incomplete.find(({ part }) => part === "records");
      // A client that does not know `incomplete` would take an empty list to mean that there are no jobs.
      if (jobs.length === 0 && records && !next) throw recordsAway(records.reason);
      return c.json({
        jobs: jobs.map(listedToJson),
        ...(next && { next_cursor: next }),
        ...(incomplete.length > 0 && { incomplete }),
      });
    })
    .get("/:id", needs("jobs:read"), async (c) => {
      const { latest, order } = await deps.view(c.req.param("id"), c.get("client"));
      return c.json(jobToJson({ event: latest, order }));
    })
    .delete("/:id", async (c) => {
      const { output } = checkedFields(DeleteParams, c.req.query());
      const [jobId, client] = [c.req.param("id"), c.get("client")];
      checkScope(client, output ? "jobs:remove" : "jobs:write");
      if (output) return c.json(removalToJson(jobId, await deps.remove(jobId, client)));
      await deps.cancel(jobId, client);
      return c.json({ job_id: jobId, status: "cancelling", stream_url: streamUrl(jobId) }, 202);
    })
    .patch("/:id", needs("jobs:write"), async (c) => {
      const { priority } = await readJson(c.req.raw, JobChange);
      if (!deps.waiting) throw new Fault("conflict", "no order waits here: this service has no QUEUE_URL");
      const { latest, order } = await deps.waiting.setPriority(c.req.param("id"), priority, c.get("client"));
      return c.json(jobToJson({ event: latest, order }));
    })
    .post("/:id/retry", needs("jobs:write"), async (c) => {
      const idempotencyKey = idempotencyKeyIn(c.req.header(idempotencyHeader));
      const changes = c.req.raw.body ? await readJson(c.req.raw, RetryOrder) : {};
      const [jobId, client] = [c.req.param("id"), c.get("client")];
      return answer(c, await deps.orderForRetry({ jobId, client, changes, idempotencyKey }));
    })
    .get("/:id/certificate", needs("jobs:read"), async (c) => {
      const jobId = c.req.param("id");
      const text = await deps.certificate(jobId, c.get("client"));
      return c.body(text, 200, {
        "Content-Type": certificateType,
        "Content-Disposition": `attachment; filename="${certificateName(jobId)}"`,
      });
    })
    .get("/:id/log", needs("jobs:read"), async (c) => {
      const jobId = c.req.param("id");
      return c.text(await deps.ffmpegLog(jobId, c.get("client")), 200, {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": `inline; filename="${jobId}.log"`,
      });
    })
    .get("/:id/stream", needs("jobs:read"), async (c) => {
      const after = sequenceIn(c.req.header("Last-Event-ID"));
      const view = await deps.view(c.req.param("id"), c.get("client"));
      if (isFinal(view.latest.status) && view.latest.sequence <= after) return c.body(null, 204);
      if (c.req.method === "HEAD") return c.body(null, 200, eventStreamHeaders);
      const slot = takeStream(c.get("client"));
      restoreIdleTimeout(c);
      const stream = eventStream({ join: view.join, after, isStillKnown: c.get("client").isStillKnown, slot });
      return c.body(stream, 200, eventStreamHeaders);
    });
}

const streamUrl = (jobId: string) => `/api/v1/jobs/${jobId}/stream`;

/** What may be changed of a job that waits. */
export const JobChange = v.strictObject(
  {
    priority: described(
      v.picklist(priorities, `must be one of ${priorities.join(", ")}`),
      "The priority that the waiting order has from now on: it goes behind those that wait with it.",
      "high",
    ),
  },
  "must be a JSON object",
);

/** Waits for the end of the job as long as the client's Prefer header asks; undefined when the job goes on. */
async function waited(c: Context<AppEnv>, view: View, closing: AbortSignal) {
  const seconds = waitIn(c.req.header("Prefer"));
  if (seconds === undefined) return undefined;
  c.header("Preference-Applied", Number.isFinite(seconds) ? `wait=${seconds}` : "wait");
  using linked = linkedSignal([c.req.raw.signal, closing], seconds * 1_000);
  return await finalEvent(view, linked.signal);
}
