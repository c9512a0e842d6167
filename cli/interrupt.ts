/** Ctrl-C once asks the job to end; `giveUp` fires on the second, for who does not want to wait. */
export function onInterrupt(cancel: () => Promise<unknown>) {
  const giveUp = new AbortController();
  let isAsked = false;
  const interrupted = () => {
    if (isAsked) return giveUp.abort(new Error("interrupted"));
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
