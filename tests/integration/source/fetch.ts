import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { cidrs } from "#shared/net/addresses.ts";
import { slowness } from "#tests/support/slowness.ts";
import { type HttpSourceOptions, httpSource } from "#worker/source/http-source.ts";
import type { OnBytes } from "#worker/source/source.ts";

export const ranges = (text: string) => v.parse(cidrs, text);

type Options = Partial<HttpSourceOptions> & { signal?: AbortSignal; onBytes?: OnBytes };

const quick = { retry: { firstPauseMs: 1, withinMs: 100 * slowness() } };

/** Fetches into a directory of its own, which is gone afterwards, and returns what had arrived. */
export async function fetched(url: string, { signal, onBytes, ...options }: Options = {}): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), "source-"));
  try {
    const open = httpSource({
      schemes: ["https", "http"],
      allowedCidrs: ranges("127.0.0.1, ::1"),
      ...quick,
      ...options,
    });
    const source = await open(url, dir, signal ?? new AbortController().signal, onBytes);
    return await readFile(source.path);
  } finally {
    await rm(dir, { recursive: true });
  }
}
