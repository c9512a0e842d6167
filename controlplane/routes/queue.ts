import { Hono } from "hono";
import * as v from "valibot";
import { mayKnow, operator } from "#controlplane/auth/client.ts";
import { needs } from "#controlplane/http/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import { described } from "#shared/described.ts";
import { Fault } from "#shared/fault.ts";
import { priorities } from "#shared/job/priority.ts";

export type QueueDeps = {
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: Pick<WaitingJobs, "summary"> | undefined;
  /** Counts the jobs that run and never waited, of all tenants. */
  directJobs(): Promise<number>;
  /** How many slots the films that several workers share have or would take, beside those of their jobs. */
  wantedSlots(): number;
  now(): number;
};

const tenant = described(v.string(), "Whose orders; empty for those of no tenant.", "acme");
const wholeNumber = v.pipe(v.number(), v.integer());

/** How much waits and runs, as REST shows it. */
export const QueueReport = v.object({
  waiting: described(wholeNumber, "Orders that wait for a worker.", 12),
  running: described(wholeNumber, "Orders of the waiting room that a worker is given or runs.", 4),
  oldest_seconds: described(v.number(), "How long the oldest of those that wait has waited; 0 when none does.", 42.5),
  wanted_slots: described(
    wholeNumber,
    "Jobs that would run at a time if there were workers enough: those that run, also the ones that a worker took at once, the pieces of their films that other workers encode or could take, and those that wait, as far as max_running of the tenants allows. What a scaler divides by the jobs that one worker runs. For a tenant: its orders of the waiting room only.",
    16,
  ),
  by_tenant: v.array(
    v.object({
      tenant,
      priority: described(v.picklist(priorities), "By now: what has waited long moves up.", "normal"),
      waiting: described(wholeNumber, "Orders of this tenant that wait with this priority.", 12),
    }),
  ),
});

export const queueRoutes = ({ waiting, directJobs, wantedSlots, now }: QueueDeps) =>
  new Hono<AppEnv>().get("/", needs("jobs:read"), async (c) => {
    if (!waiting) throw new Fault("not_found", "this service has no waiting room: set QUEUE_URL");
    const client = c.get("client");
    const [summary, direct] = await Promise.all([
      waiting.summary(client),
      mayKnow(client, operator.name) ? directJobs().then((jobs) => jobs + wantedSlots()) : 0,
    ]);
    const report: v.InferOutput<typeof QueueReport> = {
      waiting: total(summary.waiting),
      running: total(summary.running),
      oldest_seconds: summary.oldest === undefined ? 0 : Math.max(0, now() - summary.oldest) / 1_000,
      wanted_slots: direct + total(summary.running) + summary.eligible,
      by_tenant: summary.waiting.map(({ count, ...same }) => ({ ...same, waiting: count })),
    };
    return c.json(report);
  });

const total = (counts: readonly { count: number }[]) => counts.reduce((sum, { count }) => sum + count, 0);
