import { makeSerial } from "#shared/async/serial.ts";

const everyMs = 2_000;

/** Saves every so often, and once more when it is disposed: so much is known after a crash. A failure is no matter. */
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
