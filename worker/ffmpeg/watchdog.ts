/** A signal that fires with `reason()` when nobody called `touch` for `ms`, and never once disposed. */
export function watchdog(ms: number, reason: () => Error) {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(reason()), ms);
  let timer = start();
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer);
      timer = start();
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
