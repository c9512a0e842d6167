import { createOnce } from "#shared/outcomes/create-once.ts";
import { closedKey, finishedKey, infoKey, openKey, partKey, pinFolder } from "#shared/uploads/keys.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import type { ByteStore } from "./byte-store.ts";
import { type EndOf, lastUseOf } from "./use.ts";

type Options = { place: UploadPlace; bytes: ByteStore; endOf: EndOf };

export type RemoveUpload = ReturnType<typeof makeRemoveUpload>;

/**
 * Removes an upload whose lock the caller holds, if it may go by when it was last of use, and resolves with whether it did.
 * It is closed first: an order that pins it later sees that, and one that has pinned it before is seen here.
 */
export const makeRemoveUpload =
  ({ place: { storage, prefix }, bytes, endOf }: Options) =>
  async (key: string, mayGo: (lastUse: number) => boolean, signal: AbortSignal): Promise<boolean> => {
    await createOnce(storage, closedKey(key), "closed", signal);
    if (!mayGo(await lastUseOf({ storage, endOf }, key, signal))) {
      await storage.remove(closedKey(key), signal);
      return false;
    }
    await discardParts(bytes, key);
    const remove = (object: string) => storage.remove(object, signal);
    for (const object of [key, partKey(key), infoKey(key)]) await remove(object);
    for (const pin of await Array.fromAsync(storage.list(pinFolder(key), signal))) await remove(pin);
    // What tells that something is left goes last.
    for (const object of [finishedKey(key), openKey(prefix, key), closedKey(key)]) await remove(object);
    return true;
  };

/** Ends the multipart upload of a store that has one. Of a finished upload there is none any more. */
async function discardParts({ discard, toFault }: ByteStore, key: string) {
  try {
    await discard(key);
  } catch (error) {
    if (Object(error).status_code !== 404) throw toFault(error);
  }
}
