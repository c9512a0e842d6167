import { Fault, fieldFault } from "#shared/fault.ts";
import type { Clip } from "#shared/job/clip.ts";
import { type Sources, sourcesOf } from "#shared/job/inputs.ts";
import type { Source } from "#worker/source/source.ts";
import { sourceUrlOf } from "#worker/source/upload-source.ts";

/** A source of an order, as it lies on the disk. */
export type FetchedSource = Source & {
  /** Where it was. */
  url: string;
  /** The part of it that is encoded; absent: all of it. */
  clip?: Clip | undefined;
  /** What an error of this source begins with; empty where there is one alone. */
  label: string;
};

/** One of the sources that are to be fetched. */
type Asked = {
  /** What `OpenSource` takes. */
  url: string;
  clip: Clip | undefined;
  /** The folder that is to hold it. */
  dir: string;
  /** What people are told that it is. */
  name: string;
};

type Options = {
  /** Whose uploads they may be. */
  tenant: string | undefined;
  /** A folder for each. */
  dirs: readonly string[];
  /** How many bytes all may have together. */
  maxSourceBytes: number;
  signal: AbortSignal;
};

/**
 * Fetches the sources of an order one after the other. `fetch` calls `check` with what it learns of a source's size, which
 * throws when all would have too many bytes.
 */
export async function fetchEach(
  order: Sources,
  { tenant, dirs, maxSourceBytes, signal }: Options,
  fetch: (asked: Asked, check: (bytes: number) => void) => Promise<Source>,
): Promise<FetchedSource[]> {
  const asked = sourcesOf(order);
  const fetched: FetchedSource[] = [];
  let before = 0;
  const check = (bytes: number) => {
    if (before > 0 && before + bytes > maxSourceBytes)
      throw new Fault("source_failed", `the sources are larger than ${maxSourceBytes} bytes together, the limit`);
  };
  for (const [at, { field, url, clip }] of asked.entries()) {
    const isAlone = asked.length === 1;
    const label = isAlone ? "" : `${field}: `;
    const name = isAlone ? "the source" : `source ${at + 1} of ${asked.length}`;
    const source = await labelled(label, signal, async () => {
      const one = await fetch({ url: sourceUrlOf({ inputUrl: url, tenant }), clip, dir: dirs[at] ?? "", name }, check);
      check(one.bytes);
      return one;
    });
    before += source.bytes;
    fetched.push({ ...source, url, clip, label });
  }
  return fetched;
}

/** Does something with one of several sources; what fails says of which. */
export async function labelled<T>(label: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (label === "" || signal.aborted || !(error instanceof Fault)) throw error;
    const [said] = error.fields;
    const url = label.replace(/: $/, "");
    const field = said?.field.startsWith("clip.") ? url.replace(/url$/, said.field) : url;
    throw fieldFault(error.kind, field, said?.message ?? error.message, { cause: error });
  }
}
