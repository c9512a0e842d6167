import { type Client, clientId } from "#controlplane/auth/client.ts";
import { HttpFault } from "./problem.ts";

/**
 * Limits how many jobs or streams a client has at a time. Throws a 429 beyond the limit; disposing ends the one that
 * was counted.
 */
export function makeConcurrencyLimit(what: "jobs" | "streams", onChange: (more: 1 | -1) => void = () => {}) {
  const counts = new Map<string, number>();
  const add = (id: string, one: 1 | -1) => {
    const count = (counts.get(id) ?? 0) + one;
    if (count > 0) counts.set(id, count);
    else counts.delete(id);
    onChange(one);
  };

  return (client: Client): Disposable => {
    const id = clientId(client);
    const most = client.limits[what];
    if (most !== undefined && (counts.get(id) ?? 0) >= most)
      throw new HttpFault(429, `you have ${most} ${what} already, which is as many as you may`, { "Retry-After": "5" });
    add(id, 1);
    // Takes one off once, however often it is disposed.
    const counted = new DisposableStack();
    counted.defer(() => add(id, -1));
    return counted;
  };
}
