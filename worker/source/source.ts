import { invalidField } from "#shared/fault.ts";

import type { ByteSpan } from "./byte-spans.ts";

/** A local file that holds the whole source, or what is needed of it, and holes. */
export type Source = {
  path: string;
  /** The size of the whole source. */
  bytes: number;
  /** How many of them were fetched, where that is not all. */
  fetched?: number;
};

/** Finds out which bytes of a source are needed, by a file that has its index; undefined: all, or it cannot be told. */
export type LocateBytes = (path: string) => Promise<readonly ByteSpan[] | undefined>;

/** Told how many bytes have arrived, and of how many if that is known. The count goes back when a download restarts. */
export type OnBytes = (bytes: number, total?: number) => void;

/**
 * Makes a source available as a local file, in `dir` if it is downloaded; where `locate` tells what of it is needed, perhaps
 * that alone. Throws a Fault or the signal's reason.
 */
export type OpenSource = (
  url: string,
  dir: string,
  signal: AbortSignal,
  onBytes?: OnBytes,
  locate?: LocateBytes,
) => Promise<Source>;

/** Chooses by the URL's scheme. The keys are schemes with their colon. */
export const sourceByScheme =
  (sources: Readonly<Record<string, OpenSource>>): OpenSource =>
  async (url, ...rest) => {
    const open = sources[URL.parse(url)?.protocol ?? ""];
    if (!open) throw invalidField("input_url", `begin it with ${Object.keys(sources).join(" or ")}`);
    return open(url, ...rest);
  };
