import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { accepts } from "#tests/support/ftp-server.ts";
import { freePort } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { tools } from "#tests/support/tools.ts";

const program = join(tools, "bin/versitygw");
// It is built by scripts/test-servers where there is Go.
export const hasVersitygw = await Bun.file(program).exists();
const credentials = { accessKeyId: "test", secretAccessKey: "correct horse" };

/** An S3 server by others, before a folder. */
export async function startVersitygw(...options: string[]) {
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
    credentials,
    options: { ...at, bucket },
    /** As settings, for a process that is spawned. */
    env: {
      ...{ S3_BUCKET: bucket, S3_ENDPOINT: at.endpoint, S3_REGION: at.region, S3_FORCE_PATH_STYLE: "true" },
      ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    },
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
