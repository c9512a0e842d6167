/** What a store takes to answer within its own region. */
const answerMs = 20;

export type SlowStore = ReturnType<typeof startSlowStore>;

/** Before a store: each request takes 20 ms more. What it was asked for is in `asked`. */
export function startSlowStore(target: string) {
  const asked: string[] = [];
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1" },
    async fetch(request) {
      const { method, headers } = request;
      const { pathname, search } = new URL(request.url);
      asked.push(`${method} ${pathname}${search}`);
      const body = await request.arrayBuffer();
      const sent = { method, headers, ...(body.byteLength > 0 && { body }) };
      const [answer] = await Promise.all([fetch(target + pathname + search, sent), Bun.sleep(answerMs)]);
      return new Response(await answer.arrayBuffer(), answer);
    },
  });
  return { url: server.url.origin, asked, [Symbol.asyncDispose]: () => server.stop(true) };
}
