import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Guard } from "#shared/net/guarded-request.ts";
import { checkedInputUrl, type UrlRules } from "#shared/net/input-url.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import type { OnBytes, OpenSource } from "./open.ts";
import { nothing, type Part, partBefore, rangeHeaders } from "./part.ts";
import { type Patience, persist } from "./persist.ts";
import { askFollowing } from "./redirects.ts";

export type HttpSourceOptions = UrlRules & Guard & Patience & { maxBytes?: number };

/** Spools http and https sources to `dir/source`; after a cut it goes on where it broke off. */
export const httpSource =
  (options: HttpSourceOptions): OpenSource =>
  async (text, dir, signal, onBytes) => {
    const url = checkedInputUrl(text, options);
    const path = join(dir, "source");
    await using file = await open(path, "a");
    try {
      return { path, bytes: await spool(url, file, options, signal, onBytes) };
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      throw new Fault("source_failed", `the source ${error.message}`, { cause: error });
    }
  };

async function spool(
  url: URL,
  file: FileHandle,
  options: HttpSourceOptions,
  signal: AbortSignal,
  onBytes?: OnBytes,
): Promise<number> {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  let held: Part = nothing;

  const checkSize = (bytes: number) => {
    if (bytes > maxBytes) throw new RequestFailure(`is larger than ${maxBytes} bytes, the limit`);
  };

  const fetchRest = async () => {
    const headers = { "accept-encoding": "identity", "user-agent": "flux-encoder", ...rangeHeaders(held) };
    using answer = await askFollowing(url, { headers, signal }, options);
    const before = partBefore(held, answer);
    held = before ?? nothing;
    if (!before) throw new RequestFailure("cannot be continued where it broke off", { passing: true });
    checkSize(held.total ?? 0);
    await file.truncate(held.bytes);
    for await (const piece of answer.body) {
      checkSize(held.bytes + piece.length);
      await file.appendFile(piece);
      held = { ...held, bytes: held.bytes + piece.length };
      onBytes?.(held.bytes, held.total);
    }
    if (held.bytes < (held.total ?? 0)) throw new RequestFailure("ended too early", { passing: true });
  };

  await persist(fetchRest, () => held.bytes, options, signal);
  if (held.bytes === 0) throw new RequestFailure("is empty");
  return held.bytes;
}
