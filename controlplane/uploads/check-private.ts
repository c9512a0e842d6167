import { invalidField } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { publicUrlOf } from "#shared/uploads/public-url.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";

const timeoutMs = 10_000;

/** Throws `invalid` where anybody can read uploads. That they have names which nobody knows is not enough. */
export async function checkPrivate(place: UploadPlace, log: Log): Promise<void> {
  const url = await publicUrlOf(place, AbortSignal.timeout(timeoutMs)).catch((err) => {
    log.warn({ err }, "the storage of uploads does not tell whether they are private: it is away");
  });
  if (url === undefined) return;
  throw invalidField(
    "UPLOAD_STORAGE",
    `${place.storage.place} is readable by everybody below ${url}: uploads must be private, so serve only what lies outside UPLOAD_PREFIX`,
  );
}
