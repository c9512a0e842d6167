/** Serves one file under any name; who asks for a name has to wait until it is let go. */
export function heldSources(file: string) {
  const gates = new Map<string, ReturnType<typeof Promise.withResolvers<void>>>();
  const gateOf = (name: string) => gates.getOrInsertComputed(name, () => Promise.withResolvers<void>());
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 0 },
    async fetch({ url }) {
      await gateOf(new URL(url).pathname.slice(1)).promise;
      return new Response(Bun.file(file));
    },
  });
  return {
    url: (name: string) => `${server.url.origin}/${name}`,
    release(...names: string[]) {
      for (const name of names) gateOf(name).resolve();
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
