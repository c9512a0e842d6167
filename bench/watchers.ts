/** What clients of an event stream have read: event numbers, and when by `performance.now()`. */
type Arrivals = { sequence: number; at: number }[];

/** Reads an event stream with so many connections; resolves when each has its first bytes. */
export async function watch(url: string, count: number) {
  const { hostname, port, pathname } = new URL(url);
  const arrivals: Arrivals = [];
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;

  // Plain sockets: fetch opens 256 connections at most, and what it costs to read is not to be measured.
  const connect = async () => {
    const begun = Promise.withResolvers<void>();
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open: (opened) => void opened.write(request),
        close: () => begun.reject(new Error("the stream ended")),
        data(_socket, bytes) {
          const at = performance.now();
          begun.resolve();
          for (const [, sequence] of bytes.toString("latin1").matchAll(/^id: (\d+)$/gm)) {
            arrivals.push({ sequence: Number(sequence), at });
          }
        },
      },
    });
    await begun.promise;
    return socket;
  };

  const sockets: Awaited<ReturnType<typeof connect>>[] = [];
  while (sockets.length < count) {
    const batch = Math.min(50, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: batch }, connect))));
  }
  return {
    arrivals,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.end();
    },
  };
}
