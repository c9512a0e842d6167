/** The outcome of the work, or the signal's reason as a rejection once it aborts. The work itself goes on unheard. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", leave));
}
