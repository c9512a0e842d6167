import { HttpFault } from "#controlplane/http/problem.ts";
import type { Log } from "#shared/log.ts";
import { makeBuckets } from "./buckets.ts";
import { hashOf } from "./keys.ts";

const mostWrong = { quota: 30, windowMs: 60_000 };
const remembered = 10_000;

/** Counts wrong keys and tokens by the address they come from, and blocks an address that sends too many. */
export function makeFailedLogins({ now, log }: { now(): number; log: Log }) {
  const wrong = makeBuckets(now);
  // A client that shares the address of a guesser goes on with a key that was valid before.
  const right = new Set<string>();

  return {
    /** Throws a 429 when too many wrong credentials came from the address. */
    check(address: string, credential: string) {
      if (right.has(hashOf(`${address} ${credential}`))) return;
      const { isAllowed, retrySeconds } = wrong.peek(address, mostWrong);
      if (isAllowed) return;
      const wait = { "Retry-After": String(retrySeconds) };
      throw new HttpFault(429, "too many wrong keys or tokens came from your address; try again later", wait);
    },
    /** Notes that the credential was valid. */
    succeeded(address: string, credential: string) {
      const shown = hashOf(`${address} ${credential}`);
      right.delete(shown);
      right.add(shown);
      const [oldest] = right;
      if (oldest && right.size > remembered) right.delete(oldest);
    },
    /** Notes that the credential was not valid. */
    failed(address: string, credential: string) {
      right.delete(hashOf(`${address} ${credential}`));
      const { isAllowed, remaining } = wrong.take(address, mostWrong);
      if (isAllowed && remaining === 0) log.warn({ address }, "many wrong keys or tokens come from one address");
    },
  };
}
