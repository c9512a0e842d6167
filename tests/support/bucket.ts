import { join } from "node:path";

/** Files as a bucket serves them to pages from elsewhere, by ranges too. */
export function serveBucket(root: string) {
  const headers = { "Access-Control-Allow-Origin": "*" };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url }) {
      const file = Bun.file(join(root, new URL(url).pathname));
      return (await file.exists()) ? new Response(file, { headers }) : new Response("", { status: 404, headers });
    },
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}
