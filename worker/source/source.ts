import { invalidField } from "#shared/fault.ts";

/** A local file that holds the whole source. */
export type Source = { path: string; bytes: number };

/** Told how many bytes have arrived, and of how many if that is known. The count goes back when a download restarts. */
export type OnBytes = (bytes: number, total?: number) => void;

/** Makes a source available as a local file, in `dir` if it is downloaded. Throws a Fault or the signal's reason. */
export type OpenSource = (url: string, dir: string, signal: AbortSignal, onBytes?: OnBytes) => Promise<Source>;

/** Chooses by the URL's scheme. The keys are schemes with their colon. */
export const sourceByScheme =
  (sources: Readonly<Record<string, OpenSource>>): OpenSource =>
  async (url, ...rest) => {
    const open = sources[URL.parse(url)?.protocol ?? ""];
    if (!open) throw invalidField("input_url", `begin it with ${Object.keys(sources).join(" or ")}`);
    return open(url, ...rest);
  };
