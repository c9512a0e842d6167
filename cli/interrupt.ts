import { Fault } from "#shared/fault.ts";

/** The first Ctrl-C cancels the jobs; `signal` is aborted by the second, for a user who does not want to wait. */
export function onInterrupt(cancel: () => Promise<unknown>) {
  const controller = new AbortController();
  let isAsked = false;
  const interrupted = () => {
    if (isAsked) return controller.abort(new Fault("cancelled", "interrupted"));
    isAsked = true;
    cancel().catch((error) => controller.abort(error));
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
    },
  };
}
