import type { S3Options } from "#shared/storage/s3/client.ts";

// What a store takes to answer within its own region.
const answerMs = 20;

/** An S3 store at the end of a line that all connections share: it takes whole objects, and keeps how large they are. */
export function startNarrowStore(bytesPerMs = 2_000) {
  let lineFreeAt = 0;
  const sizes = new Map<string, number>();
  const waiting: { key: RegExp; seen(at: number): void }[] = [];
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", maxRequestBodySize: 2 ** 30 },
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method !== "PUT") return answered(request.method, sizes.get(pathname));
      const { byteLength } = await request.arrayBuffer();
      sizes.set(pathname, byteLength);
      lineFreeAt = Math.max(lineFreeAt, performance.now()) + byteLength / bytesPerMs;
      await Bun.sleep(lineFreeAt + answerMs - performance.now());
      const key = decodeURIComponent(pathname.replace("/sink/", ""));
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

function answered(method: string, size: number | undefined): Response {
  if (method === "DELETE") return new Response(null, { status: 204 });
  if (method !== "HEAD" || size === undefined) return new Response(null, { status: 404 });
  return new Response(null, { headers: { etag: '"1"', "content-length": String(size) } });
}
