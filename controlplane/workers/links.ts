import { ownerOf, prefixOf } from "#shared/job/id.ts";
import type { Log } from "#shared/log.ts";
import { makeDiscovery } from "./discovery.ts";
import { isIdle } from "./idle.ts";
import type { Link } from "./link.ts";
import { makeRefresher } from "./refresher.ts";
import type { ResolveSrv } from "./resolve-srv.ts";
import { parseSrv } from "./srv.ts";

/** The workers of a control plane. They change while it runs, so that a list of them is asked for each time anew. */
export type Links = ReturnType<typeof openLinks>;

type Options = {
  /** Makes the link to an address. */
  open(address: string): Link;
  resolveSrv: ResolveSrv;
  /** Whether workers beyond loopback may be spoken to without TLS. */
  allowsPlaintext: boolean;
  now(): number;
  log: Log;
};

// A worker that is gone, and cannot be asked whether it still has jobs, is forgotten after this.
const forgottenMs = 600_000;

/** Opens the links to the addresses and SRV records of WORKER_NODES. Nothing is connected to, nor asked for, yet. */
export function openLinks(entries: readonly string[], options: Options) {
  const { open, now, log } = options;
  const isSrv = (entry: string) => parseSrv(entry) !== undefined;
  const fixed = entries.filter((entry) => !isSrv(entry));
  const discoveries = entries.flatMap((entry) => parseSrv(entry) ?? []).map((srv) => makeDiscovery(srv, options));
  let current = new Map(fixed.map((address) => [address, open(address)]));
  const leaving = new Map<string, { link: Link; seenAt: number }>();

  const follow = () => {
    const next = new Map<string, Link>();
    const owners = new Map<string, string>();
    for (const address of [...fixed, ...discoveries.flatMap((discovery) => discovery.addresses())]) {
      const owner = owners.get(prefixOf(address)) ?? address;
      if (owner !== address)
        log.error({ worker: address, owner }, "a worker is left out: its job ids begin as another's");
      else next.set(address, current.get(address) ?? leaving.get(address)?.link ?? open(address));
      owners.set(prefixOf(address), owner);
    }
    for (const [address, link] of current) if (!next.has(address)) leaving.set(address, { link, seenAt: now() });
    for (const address of next.keys()) leaving.delete(address);
    current = next;
  };

  const letGo = async (address: string) => {
    const left = leaving.get(address);
    if (!left) return;
    if (left.link.isConnected() || left.link.isHeld()) left.seenAt = now();
    const isOver = (await isIdle(left.link)) || now() - left.seenAt > forgottenMs;
    if (!isOver || left.link.isHeld() || leaving.get(address) !== left) return;
    leaving.delete(address);
    left.link.disconnect();
    log.info({ worker: address }, "a worker that DNS no longer names has no job left");
  };

  const hasWork = () => leaving.size > 0 || [...current.values()].some((link) => link.isHeld());
  const refresher = makeRefresher(discoveries, {
    now,
    hasWork,
    onAnswer() {
      follow();
      return Promise.all([...leaving.keys()].map(letGo));
    },
  });
  const all = () => [...current.values()];
  const gone = () => [...leaving.values()].map(({ link }) => link);

  return {
    /** The workers that new orders may go to, in a lasting order. */
    all,
    /** These, and those that DNS no longer names and that still have jobs: whom to ask about jobs. */
    known: () => [...all(), ...gone().filter((link) => link.isConnected() || link.isHeld())],
    /** The worker that a job id names, or else the one at this address; undefined when neither is known. */
    ownerOf: (jobId: string, place?: string) => {
      const links = [...all(), ...gone()];
      const addresses = links.map((link) => link.address);
      const address = ownerOf(jobId, addresses) ?? place;
      return links.find((link) => link.address === address);
    },
    /**
     * Asks DNS again if its answer is old, to be awaited before `all` or `known`. `isMissed` says that something was not
     * found, so that a younger answer is too old as well. It never rejects, and does nothing where all addresses are
     * fixed.
     */
    refresh: refresher.refresh,
    /** Why there is no worker at all, for clients. */
    whyNone: () => discoveries.map((discovery) => discovery.whyNone()).join("; "),
    /** What keeps DNS from telling all workers, for clients; undefined when nothing does. */
    problem: () => discoveries.map((discovery) => discovery.problem()).find((problem) => problem !== undefined),
    /** Ends every stream and timer. Jobs on the workers go on. */
    close() {
      refresher.close();
      for (const link of [...all(), ...gone()]) link.close();
    },
  };
}
