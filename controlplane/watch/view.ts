import type { Client } from "#controlplane/auth/client.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import { checkVisible } from "#controlplane/lookup/visible.ts";
import type { Hubs, View } from "./hub.ts";

type Options = Pick<Lookup, "find" | "ownerOf"> & { hubs: Hubs };

/** Views a job: as it is followed here, else as a worker or its record tells. */
export const makeViewOf =
  ({ hubs, find, ownerOf }: Options) =>
  async (jobId: string): Promise<View> => {
    const hub = hubs.get(jobId);
    if (hub) return hub;
    const found = await find(jobId);
    return hubs.viewOf(found, ownerOf(jobId, found.worker));
  };

/** Views a job for a client; throws `not_found` for a job of another tenant. */
export const makeViewFor = (viewOf: ReturnType<typeof makeViewOf>) => async (jobId: string, client: Client) => {
  const view = await viewOf(jobId);
  checkVisible(client, view.order);
  return view;
};
