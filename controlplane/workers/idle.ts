import { askStatus } from "./ask-status.ts";
import type { Link } from "./link.ts";

/** Whether a worker says that it has no job; false when it is not connected or does not answer. Wakes no worker. */
export const isIdle = async (link: Link) => link.isConnected() && (await askStatus(link))?.currentJobs === 0;
