import { describe, expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { storageContract } from "#tests/contract/storage.ts";
import { accepts } from "#tests/support/ftp-server.ts";
import { freePort } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { tools } from "#tests/support/tools.ts";

const program = join(tools, "bin/versitygw");
// It is built by scripts/test-servers where there is Go.
const isThere = await Bun.file(program).exists();
const credentials = { accessKeyId: "test", secretAccessKey: "correct horse" };

/** An S3 server by others, before a folder. */
async function startVersitygw(...options: string[]) {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(await temporaryFolder());
  const [data, about] = [join(path, "data"), join(path, "about")];
  for (const folder of [data, about]) await mkdir(folder);
  const port = await freePort();
  const login = ["--access", credentials.accessKeyId, "--secret", credentials.secretAccessKey];
  const argv = [
    program,
    ...login,
    "--quiet",
    "--port",
    `127.0.0.1:${port}`,
    "posix",
    "--sidecar",
    about,
    ...options,
    data,
  ];
  const server = Bun.spawn(argv, { stdio: ["ignore", "ignore", "ignore"] });
  stack.defer(async () => {
    server.kill("SIGKILL");
    await server.exited;
  });
  await accepts(port);
  const bucket = "media";
  const at = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", forcePathStyle: true, credentials };
  const raw = new S3(at);
  await raw.createBucket({ Bucket: bucket });
  return {
    storage: s3Storage({ ...at, bucket }),
    bytes: async (key: string) => {
      const { Body } = await raw.getObject({ Bucket: bucket, Key: key });
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    keys: async () => ((await raw.listObjectsV2({ Bucket: bucket })).Contents ?? []).map(({ Key = "" }) => Key),
    async hasRemains() {
      const { Uploads = [] } = await raw.listMultipartUploads({ Bucket: bucket });
      return Uploads.length > 0;
    },
    files: () => readdir(join(data, bucket), { recursive: true }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe.skipIf(!isThere)("with versitygw, which scripts/test-servers builds where there is Go", () => {
  storageContract("s3 storage", () => startVersitygw());

  test("which knows If-None-Match", async () => {
    await using opened = await startVersitygw();
    expect(await opened.storage.decides?.("folder/", AbortSignal.timeout(120_000))).toBe(true);
  });

  test("with ETags that are no digests a file is delivered, read back once, and found", async () => {
    await using opened = await startVersitygw("--data-integrity-etag");
    const signal = AbortSignal.timeout(120_000);
    for (const name of ["a.json", "b.json"]) {
      await opened.storage.write(name, name, headersFor(name), signal);
      expect(String(await opened.bytes(name))).toBe(name);
    }
  });
});
