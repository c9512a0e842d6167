import { Fault } from "#shared/fault.ts";

/** Ctrl-C once asks the jobs to end; `giveUp` fires on the second, for who does not want to wait. */
export function onInterrupt(cancel: () => Promise<unknown>) {
  const giveUp = new AbortController();
  let isAsked = false;
  const interrupted = () => {
    if (isAsked) return giveUp.abort(new Fault("cancelled", "interrupted"));
    isAsked = true;
    cancel().catch((error) => giveUp.abort(error));
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  return {
    giveUp: giveUp.signal,
    [Symbol.dispose]() {
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
    },
  };
}
