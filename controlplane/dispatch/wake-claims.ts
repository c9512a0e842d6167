import { makeListeners } from "#controlplane/listeners.ts";
import type { Link } from "#controlplane/workers/link.ts";

export type WakeClaims = ReturnType<typeof makeWakeClaims>;

/**
 * Notes which machines are being waited for, so that orders that arrive together start a machine each instead of all
 * the same one. A claim excludes nobody: where there are fewer machines than orders, several wait for one.
 */
export function makeWakeClaims() {
  const claims = new Map<Link, { count: number; since: number }>();
  const awake = makeListeners<Link>();

  return {
    /** The first of the workers for which the fewest wait. */
    leastOf: (links: Iterable<Link>) =>
      [...links].sort((a, b) => (claims.get(a)?.count ?? 0) - (claims.get(b)?.count ?? 0))[0],
    /** How many milliseconds ago somebody last began to wait for one of the workers; infinite when nobody waits. */
    youngestOf(links: Iterable<Link>) {
      const since = [...links].map((link) => claims.get(link)?.since ?? Number.NEGATIVE_INFINITY);
      return performance.now() - Math.max(...since, Number.NEGATIVE_INFINITY);
    },
    take(link: Link) {
      const { count, since } = claims.get(link) ?? { count: 0, since: performance.now() };
      claims.set(link, { count: count + 1, since });
    },
    /** Ends one claim. After the last one of a worker that answers, all who listen are told of that worker. */
    release(link: Link, answers: boolean) {
      const claim = claims.get(link);
      if (!claim) return;
      claim.count -= 1;
      if (claim.count > 0) return;
      claims.delete(link);
      if (answers) awake.tell(link);
    },
    listen: awake.add,
  };
}
