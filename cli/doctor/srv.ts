import { fault, ok, type Verdict, warning } from "#cli/finding.ts";
import type { Config } from "#controlplane/config.ts";
import { makeResolveSrv } from "#controlplane/workers/resolve-srv.ts";
import { namedBy, type SrvEntry } from "#controlplane/workers/srv.ts";
import { toFault } from "#shared/fault.ts";

/** Asks DNS for the workers that an SRV record names, and says which of them a control plane would refuse. */
export async function checkSrv(
  srv: SrvEntry,
  { allowsPlaintext }: Config,
): Promise<{ addresses: readonly string[]; verdicts: Verdict[] }> {
  try {
    const targets = await makeResolveSrv()(srv.name, { isFresh: true });
    const { addresses, refused } = namedBy(srv, targets, allowsPlaintext);
    const found =
      addresses.length > 0
        ? ok(`${srv.entry} names ${addresses.length} worker${addresses.length === 1 ? "" : "s"}`)
        : warning(`${srv.entry} names no worker`, "start one, or check the name");
    const others = refused.map(({ target, reason }) =>
      warning(`${srv.entry}: ${target} is refused, because ${reason}`),
    );
    return { addresses, verdicts: [found, ...others] };
  } catch (error) {
    return {
      addresses: [],
      verdicts: [fault(toFault(error).message, "check WORKER_NODES and the DNS of this machine")],
    };
  }
}
