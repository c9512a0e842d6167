import type { Link } from "./link.ts";

const statusTimeoutMs = 2_000;

/** Whether a worker says that it has no job; false when it is not connected or does not answer. Wakes no worker. */
export async function isIdle(link: Link): Promise<boolean> {
  if (!link.isConnected()) return false;
  const asked = link.ask((calls) => calls.getStatus({}, { timeoutMs: statusTimeoutMs }));
  const status = await asked.catch(() => undefined);
  return status?.currentJobs === 0;
}
