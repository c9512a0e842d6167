import type { Asked } from "#controlplane/metrics.ts";
import type { Link } from "./link.ts";

const timeoutMs = 2_000;

/** Asks the connected workers for their status and metrics. Sleeping workers are left asleep. */
export const askConnected = (links: readonly Link[]): Promise<Asked[]> =>
  Promise.all(
    links.map(async (link) => {
      const asked = link.isConnected()
        ? link.ask((calls) => calls.getStatus({ withMetrics: true }, { timeoutMs }))
        : undefined;
      return { worker: link.address, status: await asked?.catch(() => undefined) };
    }),
  );
