import { Hono } from "hono";
import type { AppEnv } from "#controlplane/http/env.ts";
import type { RecordsHealth } from "#controlplane/lookup/records-health.ts";
import type { WaitingRoom } from "#controlplane/queue/waiting-room.ts";

export type HealthDeps = {
  closing: AbortSignal;
  records: RecordsHealth;
  /** Absent without a waiting room. */
  room: Pick<WaitingRoom, "problem"> | undefined;
  /** Absent where no uploads are taken. */
  uploads?: unknown;
};

/**
 * Liveness: it answers. Readiness: it is not stopping. Workers are not asked, because the machines of an idle farm
 * sleep. A storage of records or a waiting room that does not answer is reported, but keeps the service ready: no other
 * replica has another one.
 */
export const healthRoutes = ({ closing, records, room, uploads }: HealthDeps) =>
  new Hono<AppEnv>()
    .get("/healthz", (c) => {
      // Pages ask here whether they may offer uploads: the answer of a route that is not there would be an error in their log.
      if (uploads) c.header("Tus-Version", "1.0.0");
      return c.json({ status: "ok" });
    })
    .get("/readyz", (c) => {
      if (closing.aborted) return c.json({ status: "stopping" }, 503);
      records.probe();
      const missed = room?.problem();
      const parts = [
        { part: "records", reason: records.problem() },
        { part: "waiting room", reason: missed && `QUEUE_URL: ${missed}` },
      ];
      const incomplete = parts.filter(({ reason }) => reason !== undefined);
      return c.json({ status: "ready", ...(incomplete.length > 0 && { incomplete }) });
    });
