import { readIfThere } from "./read.ts";

/** How many processes the kernel has killed for want of memory, in any control group; 0 where it does not tell. */
export const oomKills = (): number => Number(/^oom_kill (\d+)$/m.exec(readIfThere("/proc/vmstat") ?? "")?.[1] ?? 0);
