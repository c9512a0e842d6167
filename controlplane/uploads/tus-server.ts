import { randomBytes } from "node:crypto";
import type { DataStore, Locker } from "@tus/server";
import type { Client } from "#controlplane/auth/client.ts";
import { HttpFault } from "#controlplane/http/problem.ts";
import { makeSerial } from "#shared/async/serial.ts";
import { invalidField } from "#shared/fault.ts";
import { openFolder, uploadKey } from "#shared/uploads/keys.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import { type ByteStore, checkRoom } from "./byte-store.ts";
import type { Marks } from "./marks.ts";
import { toUploadFault } from "./upload-fault.ts";

type Options = {
  place: UploadPlace;
  bytes: ByteStore;
  store: DataStore;
  locker: Locker;
  maxBytes: number;
  /** How many unfinished uploads a tenant may have. */
  mostOpen: number;
  marks: Marks;
};

/** Answers a request of tus 1.0 for a client, whose tenant's uploads are all that it can name. Throws faults. */
export type UploadServer = (request: Request, client: Client) => Promise<Response>;

const uploadsPath = "/api/v1/uploads";
const mostMetadata = 4_096;
const countTimeoutMs = 10_000;
const idPattern = /^[0-9a-f]{32}$/;

export async function makeUploadServer(options: Options): Promise<UploadServer> {
  const { place, bytes, store, locker, marks, maxBytes, mostOpen } = options;
  const { storage, prefix } = place;
  // Loaded only where uploads are taken.
  const { Server } = await import("@tus/server");
  const tenants = new WeakMap<Request, string>();
  const failures = new WeakMap<Request, unknown>();
  const beginning = makeSerial();
  const tenantOf = (request: Request) => tenants.get(request) ?? "";

  const checkOpen = async (tenant: string) => {
    const folder = openFolder(prefix, tenant);
    const part = { after: folder, limit: mostOpen };
    const open = await Array.fromAsync(storage.list(folder, AbortSignal.timeout(countTimeoutMs), part));
    if (open.length < mostOpen) return;
    const most = `you have ${mostOpen} uploads that are not finished, which is as many as you may`;
    throw new HttpFault(429, `${most}: go on with them, or remove some`, { "Retry-After": "60" });
  };

  const server = new Server({
    ...{ path: uploadsPath, relativeLocation: true, datastore: store, locker, maxSize: maxBytes },
    // The service is for its own pages and for programs.
    allowedOrigins: [],
    namingFunction: (request) => uploadKey(prefix, { tenant: tenantOf(request), id: randomBytes(16).toString("hex") }),
    getFileIdFromRequest: (request, id = "") =>
      idPattern.test(id) ? uploadKey(prefix, { tenant: tenantOf(request), id }) : undefined,
    generateUrl: (_request, { id }) => `${uploadsPath}/${id.slice(id.lastIndexOf("/") + 1)}`,
    async onUploadCreate(request, { id, size = 0, metadata = {} }) {
      if (size === 0) throw invalidField("Upload-Length", "an empty file cannot be encoded");
      if ((request.headers.get("Upload-Metadata") ?? "").length > mostMetadata)
        throw invalidField("Upload-Metadata", `is longer than ${mostMetadata} characters`);
      await checkRoom(bytes, size);
      const tenant = tenantOf(request);
      // Counted and marked in one go, so that many at a time do not all find that one more may be.
      await beginning.run(tenant, async () => {
        await checkOpen(tenant);
        await marks.open(id);
      });
      // These two would become headers of the object.
      const { contentType: _, cacheControl: __, ...kept } = metadata;
      return { metadata: kept };
    },
    onResponseError(request, error) {
      failures.set(request, error);
      return undefined;
    },
  });

  const answer = async (request: Request) => {
    // Of no use here, and @tus/server refuses requests that came through several proxies, of which each may add its own.
    request.headers.delete("X-Forwarded-Proto");
    const response = await server.handleWeb(request);
    const failure = failures.get(request);
    if (failure !== undefined || response.status >= 400)
      throw toUploadFault(failure ?? { status_code: response.status, body: await response.text() }, bytes.toFault);
    for (const name of [...response.headers.keys()])
      if (name.startsWith("access-control-")) response.headers.delete(name);
    return response;
  };

  return async (request, { tenant }) => {
    tenants.set(request, tenant.name);
    return await answer(request);
  };
}
