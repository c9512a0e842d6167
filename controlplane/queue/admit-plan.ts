import type { Tenant } from "#controlplane/auth/client.ts";
import { HttpFault } from "#controlplane/http/problem.ts";
import { Fault } from "#shared/fault.ts";
import { demandIn } from "./demand.ts";
import type { Share, WaitingRoom } from "./waiting-room.ts";

type Options = { room: Pick<WaitingRoom, "summary">; shares(): Readonly<Record<string, Share>> };

/** Lets a dry run of a tenant have a slot until it is disposed of; throws why it may have none now. */
export type AdmitPlan = (tenant: Pick<Tenant, "name" | "maxRunning">) => Promise<Disposable>;

/** A dry run never comes before an order that waits, and counts among what its tenant has running. */
export function makeAdmitPlan({ room, shares }: Options): AdmitPlan {
  const planning = new Map<string, number>();
  const add = (name: string, one: 1 | -1) => {
    const count = (planning.get(name) ?? 0) + one;
    if (count > 0) planning.set(name, count);
    else planning.delete(name);
  };
  return async ({ name, maxRunning = Number.POSITIVE_INFINITY }) => {
    const summary = await room.summary();
    if (demandIn(summary, shares()) > 0)
      throw new Fault("busy", "orders wait for a worker, and a dry run does not come before them; try again later");
    const running = summary.running.find(({ tenant }) => tenant === name)?.count ?? 0;
    if (running + (planning.get(name) ?? 0) >= maxRunning)
      throw new HttpFault(429, `you have ${maxRunning} jobs running already, which is as many as you may`, {
        "Retry-After": "5",
      });
    add(name, 1);
    const admitted = new DisposableStack();
    admitted.defer(() => add(name, -1));
    return admitted;
  };
}
