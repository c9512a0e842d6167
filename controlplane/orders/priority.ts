import type { Client } from "#controlplane/auth/client.ts";
import { fieldFault } from "#shared/fault.ts";
import { type Priority, priorities } from "#shared/job/priority.ts";

/**
 * The priority of a client's order: the one it asks for, else normal, else the most urgent one that its key allows.
 * Throws `forbidden` for one that the key does not allow.
 */
export function allowedPriority(
  asked: Priority | undefined,
  { priorities: allowed = priorities }: Pick<Client, "priorities">,
) {
  const priority = asked ?? (allowed.includes("normal") ? "normal" : (allowed[0] ?? "normal"));
  if (allowed.includes(priority)) return priority;
  throw fieldFault("forbidden", "priority", `your key does not allow ${priority}; use ${allowed.join(" or ")}`);
}
