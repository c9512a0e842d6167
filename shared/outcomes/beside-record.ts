import { certificateSuffix } from "#shared/certificate/statement.ts";
import { formatObjects, type PublishedObject, parseObjects } from "#shared/job/published-object.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** What lies beside the record of a completed job: lists of jobs read records, which must stay small. */
export type BesideRecord = {
  /** The objects that the job has published; absent where they are not known. */
  objects?: readonly PublishedObject[] | undefined;
  /** Its certificate; absent where it has none. */
  certificate?: string | undefined;
};

const listOf = (key: string) => key.replace(/\.json$/, ".objects.jsonl");
const logOf = (key: string) => key.replace(/\.json$/, ".log");
const certificateOf = (key: string) => key.replace(/\.json$/, certificateSuffix);

/** Reads and writes what lies beside the record with a key, `<day>/<job id>.json`. */
export function makeBesideRecord(storage: Pick<Storage, "read" | "write">) {
  const put = (key: string, text: string | undefined, signal: AbortSignal) =>
    text !== undefined && storage.write(key, text, headersFor(key), signal);
  return {
    write: (key: string, { objects, certificate }: BesideRecord, signal: AbortSignal) =>
      Promise.all([
        put(listOf(key), objects && formatObjects(objects), signal),
        put(certificateOf(key), certificate, signal),
      ]),
    /** Undefined when they are not listed, `damaged` when the list cannot be read. */
    async objects(key: string, signal: AbortSignal): Promise<PublishedObject[] | "damaged" | undefined> {
      const text = await storage.read(listOf(key), signal);
      if (text === undefined) return undefined;
      const { objects, isWhole } = parseObjects(text);
      return isWhole ? objects : "damaged";
    },
    /** Of a failed job, as ffmpeg said it. */
    log: (key: string, signal: AbortSignal) => storage.read(logOf(key), signal),
    certificate: (key: string, signal: AbortSignal) => storage.read(certificateOf(key), signal),
  };
}
