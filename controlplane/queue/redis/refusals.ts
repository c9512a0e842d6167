/** What Redis means by the first word of a refusal, and what to do; others are told in its own words. */
const meanings: Readonly<Record<string, string>> = {
  READONLY: "Redis is a replica, which takes no orders: QUEUE_URL must name the primary",
  MASTERDOWN: "Redis is a replica that has lost its primary: QUEUE_URL must name the primary",
  LOADING: "Redis has been started again and still loads its data",
  NOPERM:
    "Redis does not let this user do what the waiting room needs: allow it scripts, PUBLISH and SUBSCRIBE, and the keys and channels that begin with {flux}:",
  OOM: "Redis has no memory left: raise its maxmemory",
  MISCONF: "Redis cannot write to its disk",
  NOREPLICAS: "Redis has fewer replicas than it must have before it takes orders",
};

/** The first word of what Redis answers a command that it does not run. */
export const wordOf = (error: unknown) => (error instanceof Error ? error.message.split(" ", 1)[0] : undefined);

/** Why Redis did not run a command. What it says of a script is left out, which is our own. */
export const reasonOf = (error: Error) =>
  meanings[wordOf(error) ?? ""] ?? error.message.replace(/\.? script: .*$/s, "");
