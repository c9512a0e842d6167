import { makeSerial } from "#shared/async/serial.ts";

const everyMs = 2_000;

/** Saves at intervals, so that little is lost in a crash, and once more when it is disposed. Failures are ignored. */
export function savedOften(save: () => Promise<void>): AsyncDisposable {
  const saving = makeSerial();
  const saveNext = () => saving.run("usage", save).catch(() => {});
  const timer = setInterval(saveNext, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await saveNext();
    },
  };
}
