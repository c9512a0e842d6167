import type { RecordsHealth } from "#controlplane/lookup/records-health.ts";
import type { Asked, ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

type Options = { links: Links; metrics: ControlPlaneMetrics; records: RecordsHealth };

const timeoutMs = 2_000;

/** The metrics of this control plane and its connected workers, in the Prometheus text format. Wakes no worker. */
export const makeMetricsText =
  ({ links, metrics, records }: Options) =>
  async () => {
    records.probe();
    await links.refresh();
    return metrics.text(await askConnected(links.known()), records);
  };

const askConnected = (links: readonly Link[]): Promise<Asked[]> =>
  Promise.all(
    links.map(async (link) => {
      const asked = link.isConnected()
        ? link.ask((calls) => calls.getStatus({ withMetrics: true }, { timeoutMs }))
        : undefined;
      return { worker: link.address, status: await asked?.catch(() => undefined) };
    }),
  );
