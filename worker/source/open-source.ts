import { invalidField } from "#shared/fault.ts";

/** A local file that holds the whole source. */
export type Source = { path: string; bytes: number };

/** So many bytes are here, of so many in all where that is known; goes back when a fetch has to start over. */
export type OnBytes = (bytes: number, total?: number) => void;

/** Brings a source to a local file, which may lie in `dir`. Fails with a Fault, or the signal's reason. */
export type OpenSource = (url: string, dir: string, signal: AbortSignal, onBytes?: OnBytes) => Promise<Source>;

/** Chooses by the URL's scheme, written with its colon. */
export const sourceByScheme =
  (sources: Readonly<Record<string, OpenSource>>): OpenSource =>
  async (url, ...rest) => {
    const open = sources[URL.parse(url)?.protocol ?? ""];
    if (!open) throw invalidField("input_url", `begin it with ${Object.keys(sources).join(" or ")}`);
    return open(url, ...rest);
  };
