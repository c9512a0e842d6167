import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "basic-ftp";
import { ftpStorage } from "#shared/storage/ftp/ftp-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";
import type { Figure } from "./figures.ts";

const bytes = 16 * 2 ** 10;
// What a store takes to answer within its own region.
const answerMs = 20;

/** Many small files, as the segments of a ladder are: to S3 together, and to FTP without a login for each. */
export async function smallFiles(): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  const vsftpd = toolPath("vsftpd");
  const toS3 = await throughS3(await filesIn(join(folder.path, "s3"), 1_000));
  return vsftpd ? [toS3, await throughFtp(vsftpd, await filesIn(join(folder.path, "ftp"), 300))] : [toS3];
}

async function throughS3(files: readonly string[]): Promise<Figure> {
  await using store = startSlowStore();
  const storage = s3Storage(store.options);
  await putAll(storage, files.slice(0, 16), 16);
  const value = await seconds(() => putAll(storage, files, 16));
  const one = await seconds(() => putAll(storage, files, 1));
  return {
    ...{ name: `${files.length} small files to S3`, value, unit: "s" },
    yardstick: { name: "one after another", value: one },
    target: { most: 0.2, of: "ratio" },
  };
}

async function throughFtp(vsftpd: string, files: readonly string[]): Promise<Figure> {
  await using server = await startFtpServer(vsftpd);
  const value = await seconds(() => putAll(ftpStorage(server.options), files, 4));
  const { host, port, user, password } = server.options;
  const fresh = await seconds(async () => {
    for (const [index, file] of files.entries()) {
      const client = new Client();
      await client.access({ host, port, user, password });
      await client.ensureDir("media/fresh");
      await client.uploadFrom(file, `${index}.part`);
      await client.rename(`${index}.part`, `${index}.ts`);
      client.close();
    }
  });
  return {
    ...{ name: `${files.length} small files to FTP`, value, unit: "s" },
    yardstick: { name: "a login each", value: fresh },
    target: { most: 0.5, of: "ratio" },
  };
}

async function putAll(storage: Storage, files: readonly string[], together: number) {
  const signal = AbortSignal.timeout(300_000);
  const remaining = files.entries();
  const lane = async () => {
    for (const [index, file] of remaining) {
      const key = `hls/segment_${index}.ts`;
      const staged = await storage.stage(file, key, headersFor(key), signal);
      await staged.publish(signal);
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
}

function startSlowStore() {
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1" },
    async fetch(request) {
      await request.arrayBuffer();
      await Bun.sleep(answerMs);
      return new Response(null, { headers: { etag: '"1"' } });
    },
  });
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  return {
    options: { bucket: "media", endpoint: server.url.origin, forcePathStyle: true, credentials },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function filesIn(folder: string, count: number): Promise<string[]> {
  await mkdir(folder);
  const files = Array.from({ length: count }, (_, index) => join(folder, `${index}.ts`));
  const content = Buffer.alloc(bytes, "segment");
  await Promise.all(files.map((file) => writeFile(file, content)));
  return files;
}

async function seconds(work: () => Promise<unknown>) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
