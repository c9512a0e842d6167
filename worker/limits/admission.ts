/**
 * Whether memory allows one job more than are running, each counted with `jobBytes` from its admission on, because a
 * job takes its memory later than its slot. A worker without a job always takes one.
 */
export function memoryAllows(jobBytes: number, available: () => number | undefined) {
  let whenIdle: number | undefined;
  return (running: number): boolean => {
    if (jobBytes === 0) return true;
    const now = available();
    if (running === 0) whenIdle = now;
    if (running === 0 || now === undefined) return true;
    return Math.min(now, (whenIdle ?? now) - running * jobBytes) >= jobBytes;
  };
}
