/** Takes S3 uploads in parts as fast as they come, and keeps nothing of them. */
export function startS3Sink() {
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", maxRequestBodySize: 2 ** 30 },
    async fetch(request) {
      for await (const _ of request.body ?? []);
      const { searchParams } = new URL(request.url);
      if (searchParams.has("uploads")) return xml("InitiateMultipartUploadResult", "<UploadId>1</UploadId>");
      if (request.method === "POST") return xml("CompleteMultipartUploadResult", "<ETag>1</ETag>");
      return new Response(null, { headers: { etag: '"1"' } });
    },
  });
  return {
    env: {
      S3_BUCKET: "sink",
      S3_ENDPOINT: server.url.origin,
      S3_FORCE_PATH_STYLE: "true",
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const xml = (name: string, content: string) =>
  new Response(`<${name}>${content}</${name}>`, { headers: { "content-type": "application/xml" } });
