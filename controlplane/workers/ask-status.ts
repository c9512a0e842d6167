import type { Link } from "./link.ts";

const timeoutMs = 2_000;

/** The status of a worker, which is connected to if need be; undefined when it does not answer in time. */
export const askStatus = (link: Link, { withMetrics = false } = {}) =>
  link.ask((calls) => calls.getStatus({ withMetrics }, { timeoutMs })).catch(() => undefined);
