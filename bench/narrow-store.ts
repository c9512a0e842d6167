import type { S3Options } from "#shared/storage/s3/client.ts";

// What a store takes to answer within its own region.
const answerMs = 20;

/** An S3 store at the end of a line that all connections share: it takes whole objects and keeps nothing of them. */
export function startNarrowStore(bytesPerMs = 2_000) {
  let lineFreeAt = 0;
  const waiting: { key: RegExp; seen(at: number): void }[] = [];
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", maxRequestBodySize: 2 ** 30 },
    async fetch(request) {
      if (request.method !== "PUT") return new Response(null, { status: request.method === "DELETE" ? 204 : 404 });
      const { byteLength } = await request.arrayBuffer();
      lineFreeAt = Math.max(lineFreeAt, performance.now()) + byteLength / bytesPerMs;
      await Bun.sleep(lineFreeAt + answerMs - performance.now());
      const key = decodeURIComponent(new URL(request.url).pathname.replace("/sink/", ""));
      for (const { seen } of waiting.filter((one) => one.key.test(key))) seen(performance.now());
      return new Response(null, { headers: { etag: '"1"' } });
    },
  });
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const options = {
    bucket: "sink",
    endpoint: server.url.origin,
    region: "us-east-1",
    forcePathStyle: true,
    credentials,
  };
  return {
    options: options satisfies S3Options,
    env: {
      S3_BUCKET: options.bucket,
      S3_ENDPOINT: options.endpoint,
      S3_REGION: options.region,
      S3_FORCE_PATH_STYLE: "true",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    /** When the first object of such a key has arrived. */
    whenPut: (key: RegExp) => new Promise<number>((seen) => waiting.push({ key, seen })),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
