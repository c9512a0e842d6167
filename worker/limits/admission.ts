/**
 * Whether there is memory for one more job. Each running job counts with `jobBytes` from its admission on, because it takes
 * its memory only later. A worker without jobs always takes one.
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
