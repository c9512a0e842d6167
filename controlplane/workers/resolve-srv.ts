import { Resolver } from "node:dns/promises";
import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import type { SrvTarget } from "./srv.ts";

/**
 * Asks DNS for the targets of an SRV record: none when there is no such record. `isFresh` passes by what was remembered
 * for the TTL of an earlier answer. Throws `unreachable` when there is no answer that could be trusted to be one.
 */
export type ResolveSrv = (name: string, options: { isFresh: boolean }) => Promise<readonly SrvTarget[]>;

// A name without records of a type and a name that does not exist are not told apart by Bun.
const absent = ["ENOTFOUND", "ENODATA"];
const limits = { timeout: 1_000, tries: 2 };

/**
 * Asks the DNS servers of the system, unless others are given as `address:port`. Answers do not tell their TTL, but the
 * resolver remembers each for as long.
 */
export function makeResolveSrv(servers?: readonly string[]): ResolveSrv {
  const open = () => {
    const opened = new Resolver(limits);
    if (servers) opened.setServers(servers);
    return opened;
  };
  let resolver = open();
  return async (name, { isFresh }) => {
    if (isFresh) resolver = open();
    try {
      return await resolver.resolveSrv(name);
    } catch (error) {
      const code = codeOf(error);
      if (absent.includes(code)) return [];
      // The system's servers may be others by now.
      resolver = open();
      throw new Fault("unreachable", `DNS does not answer for ${name} (${code || error})`, { cause: error });
    }
  };
}
