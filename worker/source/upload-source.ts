import { join } from "node:path";
import { Fault, isFault } from "#shared/fault.ts";
import { checkUpload, type UploadAt, uploadAt } from "#shared/uploads/pins.ts";
import { isUploadUrl, type UploadPlace, uploadIdIn, uploadUrl } from "#shared/uploads/upload-url.ts";
import { ensureFreeSpace, type FreeSpaceRules } from "#worker/disk-space.ts";
import type { OpenSource } from "./source.ts";

type Options = { maxBytes: number; diskSpace: FreeSpaceRules };

/** What is opened as the source of an order: an upload is found below the tenant of who ordered. */
export const sourceUrlOf = ({ inputUrl, tenant = "" }: { inputUrl: string; tenant?: string | undefined }) =>
  isUploadUrl(inputUrl) ? `${uploadUrl(uploadIdIn(inputUrl))}@${tenant}` : inputUrl;

/** Opens what `sourceUrlOf` tells: uploads by the worker's own client, and everything else by `openSource`. */
export const withUploads =
  (place: UploadPlace | undefined, openSource: OpenSource, options: Options): OpenSource =>
  async (url, dir, signal, onBytes, locate) => {
    if (!isUploadUrl(url)) return openSource(url, dir, signal, onBytes, locate);
    const [inputUrl = "", ...tenant] = url.split("@");
    return asSource(() =>
      fetchUpload(uploadAt(place, { inputUrl, tenant: tenant.join("@") }), { ...options, dir, signal, onBytes }),
    );
  };

type Fetching = Options & { dir: string; signal: AbortSignal; onBytes: Parameters<OpenSource>[3] };

async function fetchUpload({ storage, key }: UploadAt, { dir, signal, onBytes, ...limits }: Fetching) {
  const { maxBytes, diskSpace } = limits;
  const size = await checkUpload({ storage, key }, signal);
  if (size > maxBytes) throw new Fault("source_failed", `the source is larger than ${maxBytes} bytes, the limit`);
  await ensureFreeSpace(dir, size, "the source", diskSpace);
  const path = join(dir, "source");
  const found = await storage.fetch(key, path, signal, maxBytes);
  if (found?.bytes !== size) throw new Fault("source_failed", "the source is not whole any more");
  onBytes?.(size, size);
  return { path, bytes: size };
}

/** What goes wrong with an upload is said of the source. */
async function asSource<T>(fetch: () => Promise<T>): Promise<T> {
  try {
    return await fetch();
  } catch (error) {
    if (isFault(error, "invalid")) throw new Fault("source_failed", `the source cannot be read: ${error.message}`);
    if (isFault(error, "delivery_failed"))
      throw new Fault("source_failed", `the source cannot be fetched: ${error.message}`, { cause: error.cause });
    throw error;
  }
}
