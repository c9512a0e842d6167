import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { ResolveSrv } from "./resolve-srv.ts";
import { type Named, namedBy, type SrvEntry } from "./srv.ts";

/** The workers that one SRV record names, as of its latest answer. */
export type Discovery = ReturnType<typeof makeDiscovery>;

type Options = { resolveSrv: ResolveSrv; allowsPlaintext: boolean; log: Log };

export function makeDiscovery(srv: SrvEntry, { resolveSrv, allowsPlaintext, log }: Options) {
  const about = { srv: srv.entry };
  let named: Named = { addresses: [], refused: [] };
  let isAnswered = false;
  let problem: string | undefined;

  const take = (latest: Named) => {
    const { addresses, refused } = latest;
    const news = {
      added: addresses.filter((address) => !named.addresses.includes(address)),
      gone: named.addresses.filter((address) => !addresses.includes(address)),
    };
    const isChanged = news.added.length + news.gone.length > 0;
    if (isChanged) log.info({ ...about, ...news }, "DNS names other workers");
    if (addresses.length === 0 && (isChanged || !isAnswered)) log.warn(about, "DNS names no worker");
    const known = new Set(named.refused.map(({ target }) => target));
    for (const { target, reason } of refused)
      if (!known.has(target)) log.warn({ ...about, target, reason }, "a worker that DNS names is refused");
    named = latest;
    isAnswered = true;
  };

  return {
    /** Their addresses, sorted; none before the first answer. */
    addresses: () => named.addresses,
    /** Asks DNS. Keeps the addresses when it does not answer; never rejects. */
    async resolve({ isFresh }: { isFresh: boolean }) {
      try {
        take(namedBy(srv, await resolveSrv(srv.name, { isFresh }), allowsPlaintext));
        if (problem !== undefined) log.info(about, "DNS answers again");
        problem = undefined;
      } catch (error) {
        if (problem === undefined)
          log.warn(
            { ...about, err: error, kept: named.addresses },
            "DNS does not answer: the workers stay as they are",
          );
        problem = toFault(error).message;
      }
    },
    /** Why the latest question was not answered, for clients; undefined when it was. */
    problem: () => problem,
    /** Why there are no addresses, for clients. */
    whyNone: () => problem ?? `${srv.entry} names no worker${named.refused.length > 0 ? " that can be used" : ""} now`,
  };
}
