import type { RecordsHealth } from "#controlplane/lookup/records-health.ts";
import type { Asked, ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { WaitingRoom } from "#controlplane/queue/waiting-room.ts";
import type { Log } from "#shared/log.ts";
import { askStatus } from "./ask-status.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

type Options = {
  links: Links;
  metrics: ControlPlaneMetrics;
  records: RecordsHealth;
  /** Absent without a waiting room. */
  room: Pick<WaitingRoom, "summary"> | undefined;
  now(): number;
  log: Log;
};

/** The metrics of this control plane and its connected workers, in the Prometheus text format. Wakes no worker. */
export const makeMetricsText =
  ({ links, metrics, records, room, now, log }: Options) =>
  async () => {
    records.probe();
    const summary = room?.summary().catch((err) => {
      log.warn({ err }, "the metrics lack those of the waiting room");
      return undefined;
    });
    await links.refresh();
    const [workers, queue] = await Promise.all([askConnected(links.known()), summary]);
    return metrics.text({ workers, records, queue, now: now() });
  };

const askConnected = (links: readonly Link[]): Promise<Asked[]> =>
  Promise.all(
    links.map(async (link) => {
      const asked = link.isConnected() ? askStatus(link, { withMetrics: true }) : undefined;
      return { worker: link.address, status: await asked };
    }),
  );
