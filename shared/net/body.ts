import { PassThrough, type Readable } from "node:stream";
import { RequestFailure } from "./request-failure.ts";
import type { RequestTimeout } from "./request-timeout.ts";

type Response = Readable & { complete?: boolean };

export type Arriving = { response: Response; pieces: PassThrough };

/** Keeps what arrives before a cut; the response alone would discard it with its buffer. */
export function receive(response: Response): Arriving {
  const pieces = response.pipe(new PassThrough({ highWaterMark: 2 ** 20 }));
  response.on("error", () => {}).once("close", () => pieces.end());
  return { response, pieces };
}

/** The pieces of a body, which can be read once. Throws a RequestFailure when it is cut or silent for too long. */
export async function* bodyOf({ response, pieces }: Arriving, timeout: RequestTimeout, silenceTimeoutMs: number) {
  const arrived: AsyncIterator<Uint8Array> = pieces[Symbol.asyncIterator]();
  const close = () => response.destroy();
  timeout.signal.addEventListener("abort", close, { once: true });
  try {
    for (;;) {
      timeout.set(silenceTimeoutMs, "sent nothing for");
      const piece = await arrived.next();
      timeout.clear();
      timeout.signal.throwIfAborted();
      if (piece.done) break;
      yield piece.value;
    }
    if (response.complete === false) throw new RequestFailure("cut the connection", { transient: true });
  } finally {
    timeout.clear();
    close();
  }
}
