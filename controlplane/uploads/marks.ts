import { headersFor } from "#shared/storage/object-headers.ts";
import { finishedKey, openKey } from "#shared/uploads/keys.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";

/** The time that a mark tells, in Unix milliseconds; 0 where there is none. */
export const timeIn = (mark: string | undefined) => Date.parse(mark?.trim() ?? "") || 0;

const timeoutMs = 60_000;

export type Marks = ReturnType<typeof makeMarks>;

/** The marks that tell whether an upload is finished, and when it last was of use. */
export function makeMarks({ storage, prefix }: UploadPlace, now: () => number) {
  const signal = () => AbortSignal.timeout(timeoutMs);
  const stamp = (key: string) => storage.write(key, `${new Date(now()).toISOString()}\n`, headersFor(key), signal());
  return {
    /** Marks an upload that is not finished as being used now. */
    open: (key: string) => stamp(openKey(prefix, key)),
    /** Marks it as finished, for good. */
    async finished(key: string) {
      await stamp(finishedKey(key));
      await storage.remove(openKey(prefix, key), signal());
    },
  };
}
