import { readIfThere } from "#shared/proc.ts";

/** How many processes of this machine the kernel has killed for lack of memory; 0 where it does not say. */
export const oomKills = (): number => Number(/^oom_kill (\d+)$/m.exec(readIfThere("/proc/vmstat") ?? "")?.[1] ?? 0);
