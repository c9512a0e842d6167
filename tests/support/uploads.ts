import { expect } from "bun:test";
import { appendFile, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import type { Client } from "#controlplane/auth/client.ts";
import type { AppEnv } from "#controlplane/http/env.ts";
import { problem } from "#controlplane/http/problem.ts";
import { makeControlPlaneMetrics } from "#controlplane/metrics.ts";
import { uploadRoutes } from "#controlplane/routes/uploads.ts";
import { openByteStore } from "#controlplane/uploads/byte-store.ts";
import { makeExpireUploads } from "#controlplane/uploads/expire.ts";
import { lockWhileWriting } from "#controlplane/uploads/lock-while-writing.ts";
import { makeMarks } from "#controlplane/uploads/marks.ts";
import { memoryLocker } from "#controlplane/uploads/memory-locker.ts";
import { makeRemoveUpload } from "#controlplane/uploads/removal.ts";
import { makeUploadStore } from "#controlplane/uploads/store.ts";
import { makeUploadServer } from "#controlplane/uploads/tus-server.ts";
import { makeSerial } from "#shared/async/serial.ts";
import { makeLog } from "#shared/log.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { type StorageConfig, uploadPlace } from "#shared/storage/settings.ts";
import { clip } from "#tests/support/clips.ts";
import { eventually, filesIn } from "#tests/support/service.ts";
import type { TcpProxy } from "#tests/support/tcp-proxy.ts";

const log = makeLog("test", { level: "silent" });
const expiryMs = 3_600_000;

type Body = string | Buffer<ArrayBuffer> | ReadableStream<Uint8Array>;
type Options = { mostOpen?: number; maxBytes?: number };

/** The routes of uploads on a storage, without a service around them; time goes on by hand. */
export async function startUploads(config: StorageConfig, { mostOpen = 5, maxBytes = 2 ** 30 }: Options = {}) {
  const place = uploadPlace(config, openStorages(config));
  if (!place) throw new Error("no UPLOAD_STORAGE");
  let clock = Date.now();
  const now = () => clock;
  /** When jobs ended, by id; those that are missing run. */
  const ends = new Map<string, number>();
  const endOf = async (jobId: string) => ends.get(jobId);
  const metrics = makeControlPlaneMetrics().uploads;
  const bytes = await openByteStore(config, place.storage, log);
  const [marks, writes] = [makeMarks(place, now), makeSerial()];
  const locker = lockWhileWriting(memoryLocker(), writes);
  const remove = makeRemoveUpload({ place, bytes, endOf });
  const store = makeUploadStore({ storage: place.storage, bytes, remove, marks, writes, expiryMs, metrics, log });
  const uploads = await makeUploadServer({ place, bytes, store, locker, marks, maxBytes, mostOpen });
  const expire = makeExpireUploads({ place, bytes, locker, remove, endOf, expiryMs, metrics, now, log });
  const clientOf = (name: string): Client => ({
    ...{ name: "ci", tenant: { name, pathPrefix: `${name}/` }, scopes: ["jobs:write"] as const },
    limits: { rate: undefined, jobs: undefined, streams: undefined },
    isStillKnown: () => true,
  });
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set("client", clientOf(c.req.header("X-Tenant") ?? ""));
      await next();
    })
    .route("/api/v1/uploads", uploadRoutes({ uploads, log }))
    .notFound((c) => c.text("nothing here", 404))
    .onError((error, c) => problem(c, error));

  return {
    place,
    bytes,
    now,
    ends,
    /** Removes what has expired after so long. */
    async expireAfter(ms: number) {
      clock += ms;
      await expire(AbortSignal.timeout(30_000));
    },
    expiryMs,
    keys: () => Array.fromAsync(place.storage.list(`${place.prefix}/`, AbortSignal.timeout(10_000))),
    ask: (method: string, path: string, headers: Record<string, string> = {}, body?: Body) =>
      app.request(`/api/v1/uploads${path}`, {
        method,
        headers: { "Tus-Resumable": "1.0.0", ...headers },
        ...(body !== undefined && { body, duplex: "half" }),
      }),
  };
}

export type TestUploads = Awaited<ReturnType<typeof startUploads>>;

/** A client of tus that sends what it is told, right or wrong. */
export function rawClient({ ask }: Pick<TestUploads, "ask">, tenant: string) {
  const as = { "X-Tenant": tenant };
  return {
    async create(size: number, more: Record<string, string> = {}) {
      const answer = await ask("POST", "", { ...as, "Upload-Length": `${size}`, ...more });
      return { status: answer.status, id: answer.headers.get("Location")?.split("/").at(-1) ?? "", answer };
    },
    async send(id: string, offset: number, body: Body, more: Record<string, string> = {}) {
      const type = { "Content-Type": "application/offset+octet-stream" };
      const answer = await ask("PATCH", `/${id}`, { ...as, ...type, "Upload-Offset": `${offset}`, ...more }, body);
      return answer.status;
    },
    async offset(id: string) {
      const answer = await ask("HEAD", `/${id}`, as);
      return answer.status === 200 ? Number(answer.headers.get("Upload-Offset")) : answer.status;
    },
    remove: async (id: string) => (await ask("DELETE", `/${id}`, as)).status,
  };
}

/** A film in a file of about this size, so that a line can be cut while it is sent: players pass over a box that they skip. */
export async function largeFilm(path: string, seconds: number, bytes: number) {
  await copyFile(await clip({ seconds }), path);
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes);
  box.write("free", 4);
  await appendFile(path, box);
}

/** Cuts a line at each of these shares of an upload, as much of it has arrived in the folder of uploads. */
export async function cutUpload(proxy: TcpProxy, folder: string, shares: readonly number[], bytes: number) {
  const arrived = async () => {
    const names = (await filesIn(folder)).filter((name) =>
      /^[^_].*\/[0-9a-f]{32}$|^_operator\/[0-9a-f]{32}$/.test(name),
    );
    return names.reduce((sum, name) => sum + Bun.file(join(folder, name)).size, 0);
  };
  // Slow enough that it is seen how it goes on.
  proxy.set({ how: "delayed", ms: 10 });
  for (const share of shares) {
    await eventually(async () => (await arrived()) >= bytes * share, `${share} of the upload has arrived`);
    expect(await arrived()).toBeLessThan(bytes);
    proxy.cut();
  }
  proxy.mend();
}
