import * as v from "valibot";
import { Fault, invalidField, saidOf } from "#shared/fault.ts";
import { type Sources, sourcesOf } from "#shared/job/inputs.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { createOnce } from "#shared/outcomes/create-once.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { closedKey, finishedKey, infoKey, pinFolder, uploadKey } from "./keys.ts";
import { isUploadUrl, type UploadPlace, uploadIdIn } from "./upload-url.ts";

const Info = v.object({ size: v.number() });

/** The size of an upload in bytes, as its client has declared it; undefined when there is no such upload. */
export async function declaredSize(storage: Storage, key: string, signal: AbortSignal): Promise<number | undefined> {
  const text = await storage.read(infoKey(key), signal);
  return text === undefined ? undefined : fromJsonText(Info, text)?.size;
}

/** An order whose sources may be uploads. */
type Ordered = Pick<Sources, "inputUrl" | "inputs"> & { tenant?: string | undefined };

/**
 * Pins the uploads that an order names to its job, so that they stay until the job has ended; does nothing for other
 * sources. Called before anybody is told that the job is accepted. Throws as `orderedUploads` does, and leaves no pin then.
 */
export async function pinUploads(
  place: UploadPlace | undefined,
  asked: Ordered & { jobId: string },
  signal: AbortSignal,
): Promise<void> {
  // Who has no upload of this name must not leave anything by asking for it.
  const uploads = await orderedUploads(place, asked, signal);
  const pins: { storage: Storage; pin: string }[] = [];
  try {
    for (const upload of uploads) {
      const { storage, key } = upload;
      const pin = `${pinFolder(key)}${asked.jobId}`;
      await createOnce(storage, pin, asked.jobId, signal);
      pins.push({ storage, pin });
      // Whoever removes an upload closes it before it reads the pins: it has seen this one, or this sees that it is closed.
      await checked(upload, signal);
    }
  } catch (error) {
    for (const { storage, pin } of pins) await storage.remove(pin, signal).catch(() => {});
    throw error;
  }
}

/** The uploads that an order names. Throws `invalid` when there is no such upload, or it is not finished. */
export async function orderedUploads(place: UploadPlace | undefined, asked: Ordered, signal: AbortSignal) {
  const named = sourcesOf(asked).filter(({ url }) => isUploadUrl(url));
  const found: Named[] = [];
  for (const { field, url } of named) {
    const upload = inField(field, () => uploadAt(place, { inputUrl: url, tenant: asked.tenant }));
    await checked({ ...upload, field }, signal);
    found.push({ ...upload, field });
  }
  return found;
}

type Named = UploadAt & { field: string };

const checked = ({ field, ...upload }: Named, signal: AbortSignal) =>
  checkUpload(upload, signal).catch((error) => {
    throw error instanceof Fault ? saidOf(field, error) : error;
  });

function inField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? saidOf(field, error) : error;
  }
}

/** An upload by its key. */
export type UploadAt = { storage: Storage; key: string };

/** The upload that an input_url names, for an order of this tenant. */
export function uploadAt(
  place: UploadPlace | undefined,
  { inputUrl, tenant = "" }: Pick<Ordered, "inputUrl" | "tenant">,
): UploadAt {
  const id = uploadIdIn(inputUrl);
  if (!place) throw invalidField("input_url", "this worker reads no uploads: set its UPLOAD_STORAGE");
  return { storage: place.storage, key: uploadKey(place.prefix, { tenant, id }) };
}

/** Throws unless an upload is whole and stays; resolves with its size in bytes. */
export async function checkUpload({ storage, key }: UploadAt, signal: AbortSignal): Promise<number> {
  const [size, finished, closed, found] = await Promise.all([
    declaredSize(storage, key, signal),
    storage.read(finishedKey(key), signal),
    storage.read(closedKey(key), signal),
    storage.stat(key, signal),
  ]);
  if (size === undefined || closed !== undefined)
    throw invalidField("input_url", "there is no such upload, or it has expired: upload the file again");
  if (finished === undefined || found?.bytes !== size)
    throw invalidField("input_url", "the upload is not finished: go on with it, then post the order again");
  return size;
}
