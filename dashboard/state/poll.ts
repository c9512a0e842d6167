/**
 * Calls a function repeatedly, with a pause after each answer, while the page is visible. The returned function ends
 * it.
 */
export function poll(ask: (signal: AbortSignal) => Promise<unknown>, pauseMs: () => number): () => void {
  const leaving = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  let isAsking = false;

  const look = async () => {
    if (isAsking || document.hidden || leaving.signal.aborted) return;
    isAsking = true;
    clearTimeout(timer);
    // The function itself notes its failures; the next call may succeed.
    await ask(leaving.signal).catch(() => {});
    isAsking = false;
    if (!leaving.signal.aborted) timer = setTimeout(look, pauseMs());
  };

  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  void look();
  return () => {
    clearTimeout(timer);
    leaving.abort();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("online", look);
  };
}
