import { invalidField } from "#shared/fault.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** Where uploads lie; undefined where the service takes none. */
export type UploadPlace = { storage: Storage; prefix: string };

/** Says of a service that it takes none, and to whoever runs it what it lacks. */
export const noUploads = "this service takes no uploads: set UPLOAD_STORAGE at control plane and workers";

const scheme = "upload:";
const pattern = /^upload:([0-9a-f]{32})$/;

/** The input_url of an upload. */
export const uploadUrl = (id: string) => `${scheme}${id}`;

/** Whether an input_url names an upload instead of a URL, whatever else it says. */
export const isUploadUrl = (url: string) => url.slice(0, scheme.length).toLowerCase() === scheme;

/** Whether a text is the input_url of an upload. It holds no secret: its tenant's orders alone can use it. */
export const namesUpload = (text: string) => pattern.test(text);

/** The id of the upload that an input_url names; throws `invalid` for one that is not written so. */
export function uploadIdIn(url: string): string {
  const id = pattern.exec(url)?.[1];
  if (id === undefined)
    throw invalidField("input_url", "write upload: and the id of the upload, which is 32 hex digits");
  return id;
}

/** Checks an input_url that names an upload as far as its text and the settings tell, and returns it. */
export function checkedUploadUrl(url: string, takesUploads: boolean): string {
  if (!takesUploads) throw invalidField("input_url", noUploads);
  return uploadUrl(uploadIdIn(url));
}
