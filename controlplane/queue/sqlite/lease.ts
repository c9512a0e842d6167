import type { Database } from "bun:sqlite";
import * as v from "valibot";
import { Fenced } from "../waiting-room.ts";

const Lease = v.object({ holder: v.string(), until: v.number(), fence: v.number() });

/** The lease of the drainer. One process has the file, but that may have begun anew since a drainer got the lease. */
export function makeLease(database: Database, now: () => number) {
  const found = database.query("SELECT holder, until, fence FROM lease");
  const write = database.query("UPDATE lease SET holder = $holder, until = $until, fence = $fence");
  const current = () => v.parse(Lease, found.get());
  return {
    take(holder: string, forMs: number): number | undefined {
      const lease = current();
      const isHeld = lease.until > now();
      if (isHeld && lease.holder !== holder) return undefined;
      const fence = isHeld ? lease.fence : lease.fence + 1;
      write.run({ holder, until: now() + forMs, fence });
      return fence;
    },
    release(fence: number) {
      if (current().fence === fence) write.run({ holder: "", until: 0, fence });
    },
    /** Throws `Fenced` when another drainer has got the lease since. */
    check(fence: number) {
      if (current().fence !== fence) throw new Fenced("another control plane hands over orders now");
    },
  };
}
