import { checkedJobId } from "#shared/job/id.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

const mostNamed = 1_000;

/** Removes ended jobs. */
export const removalHandlers = ({
  removeOutput,
}: Pick<ServiceDeps, "removeOutput">): Pick<Methods, "removeOutput"> => ({
  async removeOutput({ jobId, lost }, signal) {
    const { removed, different } = await removeOutput(checkedJobId(jobId), { isLost: lost, signal });
    return { removed, different: different.slice(0, mostNamed), differentTotal: different.length };
  },
});
