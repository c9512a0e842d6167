/**
 * A signal that fires with `reason()` when nobody called `touch` for `ms`, and never once disposed. At the end of that
 * time `isActive` may grant as much again.
 */
export function watchdog(ms: number, reason: () => Error, isActive?: () => Promise<boolean>) {
  const controller = new AbortController();
  let timer: Timer | undefined;
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(expire, ms);
  };
  const expire = async () => {
    const expired = timer;
    const isSpared = await isActive?.();
    if (timer !== expired) return;
    if (isSpared) touch();
    else controller.abort(reason());
  };

  touch();
  return {
    signal: controller.signal,
    touch,
    [Symbol.dispose]() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
