import { paginateListObjectsV2, S3 } from "@aws-sdk/client-s3";
import { startFauxqs } from "fauxqs";
import type { S3Options } from "#shared/storage/s3/client.ts";

/** An S3 store with one bucket in this process, on a free port of the loopback. */
export async function startS3Server() {
  const server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const { bucketName: bucket } = server.createBucket("media");
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const options: S3Options = { bucket, endpoint, region: "us-east-1", forcePathStyle: true, credentials };
  const raw = new S3({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });

  return {
    options,
    /** The same as settings, for a process that is spawned. */
    env: {
      S3_BUCKET: bucket,
      S3_ENDPOINT: endpoint,
      S3_REGION: "us-east-1",
      S3_FORCE_PATH_STYLE: "true",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    /** A client that has nothing to do with ours. */
    raw,
    keys: async (prefix = "") => {
      const found: string[] = [];
      for await (const page of paginateListObjectsV2({ client: raw }, { Bucket: bucket, Prefix: prefix }))
        found.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
      return found;
    },
    bytes: async (key: string) => {
      const { Body } = await raw.getObject({ Bucket: bucket, Key: key });
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    /** Whether uploads were begun and neither completed nor aborted: with them, a bucket cannot be deleted. */
    async hasOpenUploads() {
      server.emptyBucket(bucket);
      const isEmpty = await raw.deleteBucket({ Bucket: bucket }).then(
        () => true,
        () => false,
      );
      server.createBucket(bucket);
      return !isEmpty;
    },
    async [Symbol.asyncDispose]() {
      raw.destroy();
      await server.stop();
    },
  };
}

export type S3Server = Awaited<ReturnType<typeof startS3Server>>;
