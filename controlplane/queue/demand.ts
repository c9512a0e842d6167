import type { RoomSummary, Share } from "./waiting-room.ts";

/** How many waiting orders may be taken now, as far as the most that each tenant may have running allows. */
export function demandIn({ waiting, running }: RoomSummary, shares: Readonly<Record<string, Share>>): number {
  const ofTenants = Map.groupBy(waiting, ({ tenant }) => tenant);
  return [...ofTenants].reduce((total, [tenant, classes]) => {
    const { maxRunning = Number.POSITIVE_INFINITY } = shares[tenant] ?? {};
    const taken = running.find((one) => one.tenant === tenant)?.count ?? 0;
    const waits = classes.reduce((sum, { count }) => sum + count, 0);
    return total + Math.min(waits, Math.max(0, maxRunning - taken));
  }, 0);
}
